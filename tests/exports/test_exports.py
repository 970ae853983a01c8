"""A list of any size becomes a workbook: a job writes it, it can be stopped, begun anew, and is deleted in time."""

from datetime import date, timedelta
from io import BytesIO

import psycopg
import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from openpyxl import load_workbook

from shebao.audit import trails
from shebao.audit.models import AuditEvent
from shebao.exports import orders, sources, upkeep, writing
from shebao.exports.models import Export
from shebao.exports.sources import Column, Source
from shebao.foundation import clock, sql
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from tests.jobs import work

pytestmark = pytest.mark.django_db

CLERK = Acting(70, "张明", "employer", 7, "第7示例公司", frozenset({"filer"}), "420102")
STRANGER = Acting(71, "李强", "employer", 8, "第8示例公司", frozenset({"filer"}), "420102")


def rows(many: int):
    def lines(party_id, filters):
        statement = "SELECT n AS person_id, '员工' || n AS name, n * 1.5 AS amount FROM generate_series(1, %(many)s) n"
        return sql.stream(statement, {"many": many})

    return Source(
        "sample",
        "样表",
        (Column("姓名", "name"), Column("金额", "amount", "money")),
        lambda party_id, filters: many,
        lines,
        filters=("q",),
        looks="样表",
    )


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "store"},
        }
    }
    yield tmp_path / "store"
    sources._declared.pop("sample", None)


def ordered(many=3, by=CLERK, **filters) -> Export:
    sources.declare([rows(many)])
    return orders.order("sample", filters, by=by)


def again(export) -> Export:
    return Export.objects.get(pk=export.pk)


def sheet(export, by=CLERK):
    with orders.take(export, by=by) as file:
        return [list(line) for line in load_workbook(BytesIO(file.read())).active.iter_rows(values_only=True)]


def test_the_file_says_what_it_is_and_holds_every_line():
    export = ordered(3, q="员工")
    work()
    found = again(export)
    assert (found.state, found.rows_done, found.rows_total) == ("done", 3, 3)
    assert sheet(found) == [
        ["样表", None],
        ["员工", None],
        ["姓名", "金额"],
        ["员工1", 1.5],
        ["员工2", 3],
        ["员工3", 4.5],
    ]


def test_it_prints_as_wide_as_a4_with_its_heads_on_each_page():
    export = ordered(1, q="员工")
    work()
    with again(export).file.open("rb") as file:
        page = load_workbook(file).active
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$3:$3" and "样表　员工" in page.oddFooter.left.text


def test_what_is_being_written_is_not_ordered_twice_but_what_is_finished_is():
    first = ordered()
    assert ordered() == first
    work()
    assert ordered() != first


def test_too_many_at_once_are_refused_with_a_sentence():
    for number in range(orders.MOST_UNDER_WAY):
        ordered(q=str(number))
    with pytest.raises(Unsettled) as refused:
        ordered(q="还要")
    assert refused.value.sentence == "已有 3 份导出正在生成，请等它们完成或先停止"


def test_others_have_no_such_list_and_no_such_export():
    export = ordered()
    assert not orders.of(STRANGER).filter(pk=export.pk).exists()
    person = Acting(9, "王芳", "person", 9, "王芳")
    with pytest.raises(LookupError):
        orders.order("sample", {}, by=person)


def test_one_that_was_stopped_is_not_written():
    export = ordered()
    orders.stop(export, by=CLERK)
    work()
    assert again(export).state == "stopped"
    assert not again(export).file


def test_one_that_is_stopped_while_it_is_written_ends_at_the_next_step(monkeypatch):
    export = ordered(10)
    monkeypatch.setattr(writing, "STEP", 4)
    goes_on = writing._goes_on

    def stopped_meanwhile(export, **changes):
        if changes.get("rows_done") == 8:
            orders.stop(export, by=CLERK)
        return goes_on(export, **changes)

    monkeypatch.setattr(writing, "_goes_on", stopped_meanwhile)
    work()
    assert (again(export).state, again(export).rows_done) == ("stopped", 4)


def test_a_killed_writer_leaves_the_next_one_to_begin_anew():
    export = ordered(5)
    Export.objects.filter(pk=export.pk).update(state="writing", rows_done=4, rows_total=5)
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert upkeep.wake() == 1
        assert upkeep.wake() == 0
    work()
    assert (again(export).state, again(export).rows_done) == ("done", 5)


def test_a_list_that_breaks_says_so_and_does_not_stay_under_way():
    sources.declare([rows(1)])
    broken = Source("sample", "样表", (Column("金额", "name", "money"),), lambda *_: 1, rows(1).lines)
    sources.declare([broken])
    export = orders.order("sample", {}, by=CLERK)
    work()
    assert again(export).state == "failed"


def test_a_long_list_goes_on_on_further_sheets(monkeypatch):
    monkeypatch.setattr(writing, "ROWS_A_SHEET", 2)
    export = ordered(5)
    work()
    with orders.take(again(export), by=CLERK) as file:
        book = load_workbook(BytesIO(file.read()))
    assert [len(list(one.iter_rows())) - 3 for one in book.worksheets] == [2, 2, 1]


def test_the_first_download_of_each_clerk_is_a_look_at_everybody_in_it():
    export = ordered(3)
    work()
    assert not trails.looks_at(2).exists()
    for _time in range(2):
        orders.take(again(export), by=CLERK).close()
    assert [look.details for look in trails.looks_at(2)] == [{"what": "样表"}]
    assert AuditEvent.objects.filter(event="export.downloaded", about=export.ref).count() == 2


def test_files_are_deleted_after_their_days_and_their_people_forgotten(shelf, settings):
    export = ordered(3)
    work()
    assert len(list(shelf.rglob("*.xlsx"))) == 1
    assert upkeep.clear() == 0
    with clock.fixed(clock.now() + timedelta(days=settings.EXPORTS_KEPT_DAYS, minutes=1)):
        assert upkeep.clear() == 1
    assert not list(shelf.rglob("*.xlsx"))
    found = again(export)
    assert (found.state, found.people) == ("expired", [])
    with pytest.raises(Unsettled):
        orders.take(found, by=CLERK)


def test_what_is_ordered_early_in_the_morning_is_of_that_day():
    with clock.fixed(
        clock.beginning_of(date(2026, 12, 1))
    ):  # still November where the database keeps its time
        export = ordered(2)
    assert again(export).ordered_on == date(2026, 12, 1)
    assert again(export).place == export.place


def test_a_file_left_by_a_writer_who_was_killed_is_replaced(shelf):
    export = ordered(2)
    left = shelf / export.place
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    work()
    assert list(shelf.rglob("*.xlsx")) == [left]
    assert len(sheet(again(export))) == 5


def test_whoever_is_killed_while_clearing_leaves_a_row_that_names_the_file(shelf, settings, monkeypatch):
    export = ordered(3)
    work()
    delete = FileSystemStorage.delete

    def killed(self, name):
        delete(self, name)
        raise KeyboardInterrupt

    with clock.fixed(clock.now() + timedelta(days=settings.EXPORTS_KEPT_DAYS, minutes=1)):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(FileSystemStorage, "delete", killed)
            upkeep.clear()
        assert again(export).file.name == export.place
        assert upkeep.clear() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_export_do_not_meet():
    export = ordered(3)
    params = {**connection.get_connection_params(), "context": None, "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**params, autocommit=True) as other:
        other.execute(orders._SQL["claim"], {"export_id": export.pk})
        writing.write(export.pk)
        assert again(export).state == "waiting"
        # A closed connection's locks end when its server process does, which may be after the next line.
        other.execute(orders._SQL["release"], {"export_id": export.pk})
    writing.write(export.pk)
    assert (again(export).state, again(export).rows_done) == ("done", 3)


def test_who_was_searched_for_stays_out_of_the_journal():
    ordered(q="420102199202299993")
    ordered(q="李小明")
    told = AuditEvent.objects.filter(event="export.ordered").order_by("at").values_list("details", flat=True)
    assert [one["filters"]["q"] for one in told] == ["4201**********9993", "***"]
