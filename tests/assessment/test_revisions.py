"""追溯调整: a floor announced in October counts since January: each month its difference, each payer a message."""

import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command

from shebao.assessment import revisions, runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.ledger import arrears, dues, invariants, receipts, slips
from shebao.ledger import revisions as told
from shebao.ledger.models import Due, RevisedPayer, Revision, Run
from shebao.notices.models import Notice
from shebao.policy import loading
from tests import policies as cities
from tests.identity import people
from tests.jobs import work
from tests.ledger.books import bank_file
from tests.scenes import City

pytestmark = pytest.mark.django_db
JANUARY, AUGUST, OCTOBER, NOVEMBER = (Month(2026, month) for month in (1, 8, 10, 11))
# 2026's floor as carried over, and as a fictional document of October sets it.
BEFORE = '      - {from: 2026-01, value: "4498", provisional: true,'
ANNOUNCED = (
    '      - {from: 2026-01, known_from: 2026-10-15, value: "4650", source: 测试用公布, document: 测试〔2026〕1号,'
    " evidence: V1}\n"
)


@pytest.fixture
def city(db):
    cities.load(synthetic=True)
    return City()


@pytest.fixture
def scene(city):
    """Two below the floor with one employer, one above it, a flexible worker at the lowest tier; August to October."""
    city.boss = city.employer("武汉江汇精密制造示例公司")
    city.low = [city.person(name) for name in ("低一", "低二")]
    city.high = city.person("高一")
    for person, wage in ((city.low[0], "4000"), (city.low[1], "4600"), (city.high, "9000")):
        city.works(person, city.boss, since=AUGUST, wage=wage)
    city.alone = city.person("陈海燕")
    city.flexible(city.alone, since=AUGUST)
    for month, day in (
        (AUGUST, date(2026, 8, 20)),
        (Month(2026, 9), date(2026, 9, 20)),
        (OCTOBER, date(2026, 10, 10)),
    ):
        with clock.fixed(day):
            runs.run_month(month, by="test")
            slip = slips.make_monthly(city.boss.id, month, by="test")
            receipts.take_in(
                bank_file((slip.number, slip.total, day, f"B{month}")), f"{month}.csv", by="test"
            )
    return city


@pytest.fixture
def announced(scene, tmp_path):
    """The document is out, and its figure is loaded."""
    folder = tmp_path / "policies"
    shutil.copytree(settings.POLICIES, folder)
    file = folder / "420100-wuhan" / "bases.yaml"
    text = file.read_text(encoding="utf-8")
    at = text.index("\n", text.index(BEFORE)) + 1
    file.write_text(text[:at] + ANNOUNCED + text[at:], encoding="utf-8")
    with clock.fixed(date(2026, 11, 3)):
        loading.load(folder, synthetic=True, cited=dues.citations)
        yield scene


def revise(first=AUGUST):
    revision = revisions.order(first, by="account:31")
    work()
    revision.refresh_from_db()
    return revision


def test_each_month_since_gets_its_difference_and_nothing_else(announced):
    revision = revise()
    assert (revision.state, revision.last_month) == ("done", OCTOBER)
    lines = Due.objects.filter(line=2)
    assert set(lines.values_list("month", flat=True)) == {AUGUST, Month(2026, 9), OCTOBER}
    # Pension, unemployment, injury follow this floor; medical has one of its own.
    assert set(lines.filter(person_id=announced.low[0].id).values_list("scheme", flat=True)) == {
        "pension", "unemployment", "injury",
    }  # fmt: skip
    pension = lines.get(person_id=announced.low[0].id, scheme="pension", month=AUGUST)
    assert (pension.base, pension.employer_part, pension.personal_part) == (
        4650, Decimal("24.32"), Decimal("12.16"),
    )  # fmt: skip
    assert lines.get(person_id=announced.low[1].id, scheme="pension", month=AUGUST).employer_part == 8
    assert not lines.filter(person_id=announced.high.id).exists()
    assert revision.lines == lines.count()
    assert not invariants.broken(since=AUGUST)


def test_a_second_revision_writes_nothing_and_tells_nobody(announced):
    revise()
    letters = Notice.objects.count()
    again = revise()
    assert (again.state, again.lines) == ("done", 0)
    assert Notice.objects.count() == letters
    assert not invariants.broken(since=AUGUST)


def test_each_payer_is_told_once_with_figure_document_months_amount_and_day(announced):
    revise()
    mine = RevisedPayer.objects.get(payer_id=announced.boss.id)
    letters = Notice.objects.filter(code="bases-raised")
    assert {letter.recipient for letter in letters} == {
        f"employer:{announced.boss.id}",
        f"person:{announced.alone.id}",
    }
    facts = letters.get(recipient=f"employer:{announced.boss.id}").facts
    assert "缴费基数下限由 4,498 改为 4,650（测试〔2026〕1号）" in facts["figures"]
    assert (facts["first"], facts["last"]) == ("2026-08", "2026-10")
    assert facts["amount"] == f"{mine.amount:,.2f}" and facts["deadline"] == "2026-11-25"
    assert mine.persons == 2 and mine.amount > 0


def test_the_page_explains_each_person_and_month(announced):
    revision, mine = told.get(revise().id, announced.boss.id)
    rows = told.person_months(revision, announced.boss.id)
    first = rows[0]
    assert (first.name, first.month, first.base_before, first.base) == ("低一", AUGUST, 4498, 4650)
    assert sum(row.amount for row in rows) == mine.amount
    after = told.person_months(revision, announced.boss.id, limit=1)[-1].person_id
    assert {row.person_id for row in told.person_months(revision, announced.boss.id, after=after)} == {
        announced.low[1].id
    }


def test_differences_are_not_overdue_before_a_deadline_and_go_on_the_next_slip(announced):
    revise()
    assert not arrears.of_people([announced.low[0].id], announced.boss.id, today=date(2026, 11, 25))
    slip = slips.make_monthly(announced.boss.id, NOVEMBER, by="test")
    assert slip.total == RevisedPayer.objects.get(payer_id=announced.boss.id).amount
    with clock.fixed(date(2026, 11, 26)):
        owed = arrears.of_people([announced.low[0].id], announced.boss.id, today=clock.today())
        assert owed[announced.low[0].id].months == 3


def test_one_that_was_cut_off_goes_on_where_it_stopped(announced):
    with clock.fixed(date(2026, 11, 3)):
        revision = revisions.open_one(AUGUST, by="account:31")
        runs.revise_month(AUGUST, source=revision.ref)
        with pytest.raises(Unsettled, match="还没有完成"):
            revisions.open_one(AUGUST, by="account:31")
        assert revisions.wake() == 1
        work()
    revision.refresh_from_db()
    assert revision.state == "done"
    assert Run.objects.filter(kind="revision", month=AUGUST).count() == 1
    assert RevisedPayer.objects.get(payer_id=announced.boss.id).first_month == AUGUST
    assert not invariants.broken(since=AUGUST)


def refuses(monkeypatch, refused: Unsettled):
    """The months from September on are refused."""
    revise_month = runs.revise_month

    def at_first(month, *, source):
        if month > AUGUST:
            raise refused
        return revise_month(month, source=source)

    monkeypatch.setattr(runs, "revise_month", at_first)


def test_one_that_meets_another_run_waits_and_is_woken_again(announced, monkeypatch):
    with monkeypatch.context() as patched:
        refuses(patched, Busy("有月份正在核定"))
        revision = revise()
    assert (revision.state, revision.problem) == ("running", "")
    assert not RevisedPayer.objects.exists()
    assert revisions.wake() == 1
    work()
    revision.refresh_from_db()
    assert revision.state == "done" and not invariants.broken(since=AUGUST)


def test_one_that_is_refused_half_way_tells_what_it_wrote_and_the_next_one_the_rest(announced, monkeypatch):
    with monkeypatch.context() as patched:
        refuses(patched, Unsettled("上月有应缴的险种不见了"))
        revision = revise()
    assert (revision.state, revision.problem) == ("stopped", "上月有应缴的险种不见了")
    mine = RevisedPayer.objects.get(revision_id=revision.id, payer_id=announced.boss.id)
    assert (mine.first_month, mine.last_month) == (AUGUST, AUGUST)
    assert Notice.objects.filter(code="bases-raised", recipient=f"employer:{announced.boss.id}").count() == 1
    assert not invariants.broken(since=AUGUST)
    rest = revise()
    mine = RevisedPayer.objects.get(revision_id=rest.id, payer_id=announced.boss.id)
    assert (rest.state, mine.first_month) == ("done", Month(2026, 9))
    assert not invariants.broken(since=AUGUST)


def test_a_lower_figure_is_told_as_a_credit(announced, tmp_path):
    revise()
    folder = tmp_path / "policies"
    file = folder / "420100-wuhan" / "bases.yaml"
    text = file.read_text(encoding="utf-8")
    mended = ANNOUNCED.replace("2026-10-15", "2026-11-10").replace("4650", "4400").replace("1号", "2号")
    file.write_text(text.replace(ANNOUNCED, ANNOUNCED + mended), encoding="utf-8")
    with clock.fixed(date(2026, 11, 12)):
        loading.load(folder, synthetic=True, cited=dues.citations)
        call_command("books", "revise", "2026-08")
    letter = Notice.objects.get(code="bases-credited", recipient=f"employer:{announced.boss.id}")
    assert "由 4,650 改为 4,400（测试〔2026〕2号）" in letter.facts["figures"]
    assert not invariants.broken(since=AUGUST)


def test_months_that_were_never_run_need_no_revision(city):
    with pytest.raises(Unsettled, match="不需要追溯调整"):
        revisions.order(JANUARY, by="account:31")


def test_the_payers_read_it_on_their_pages_and_nobody_else_does(announced, client):
    revision = revise()
    boss, other = announced.boss, announced.employer()
    url = f"/employer/revisions/{revision.id}/"
    client.force_login(_clerk(boss, "danwei1"))
    assert "差额说明" in client.get("/employer/bills/").content.decode()
    page = client.get(url).content.decode()
    for words in ("由 4,498 改为 4,650（测试〔2026〕1号）", "4,498.00", "4,650.00", "低一", "应补差额"):
        assert words in page
    client.force_login(_clerk(other, "danwei2"))
    assert client.get(url).status_code == 404
    client.force_login(
        people.opened("linghuo1", "person", person_id=announced.alone.id, display_name="陈海燕")
    )
    assert "4,650.00" in client.get(f"/individual/revisions/{revision.id}/").content.decode()
    assert "差额说明" in client.get("/individual/contributions/").content.decode()


def _clerk(employer, name):
    return people.opened(
        name, "employer", employer_id=employer.id, party_name=employer.name, office_code=employer.office_id,
        roles=frozenset({"payer"}),
    )  # fmt: skip


def test_the_desk_orders_it(announced, client):
    client.force_login(people.officer(roles=frozenset({"ledger"}), office_code="420102"))
    answer = client.post("/office/ledger/revise/", {"since": "2026-08"}, follow=True)
    assert "已开始追溯调整" in answer.content.decode()
    work()
    assert Revision.objects.get().state == "done"
    assert "2026-08" in client.get("/office/ledger/").content.decode()
    assert client.post("/office/ledger/revise/", {"since": "1999-01"}).status_code == 404
