"""Rosters (名单): a workbook is handed in, read by a job and becomes rows of a case.

The upload is a row: reading it goes on where it stopped, whoever was killed. Each slice of lines is one
transaction that writes its rows and moves the mark of how far reading has come, so no line is ever taken
twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao import audit
from shebao.casework import (
    cases,
    catalogue,
    corrections,
    errands,
    examination,
    rows,
    states,
    workbooks,
)
from shebao.casework.cells import ROSTER, letters
from shebao.casework.corrections import Line, Placed
from shebao.casework.errands import Overtaken
from shebao.casework.models import OPEN_ROWS, Case, Row, Upload
from shebao.casework.service import Service
from shebao.casework.sheets import is_ours, is_reason, mark_of, number_in, origin_in
from shebao.casework.workbooks import Book
from shebao.foundation import clock, ids
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.writing import packed
from shebao.identity import acting
from shebao.identity.acting import Acting

_STEPS = 10  # moves of the progress bar: as many for 50,000 lines as for 30, so that queries don't grow
_NAMED = 20  # sentences about single lines of a workbook


@transaction.atomic
def hand_in(case: Case, file: UploadedFile, *, by: Acting) -> Upload:
    """Keep a workbook for reading, and wake a reader. What can be seen at once is said at once (Unsettled)."""
    cases.open_case(case)
    if not case.service.in_batches:
        raise Unsettled(_("本业务不能批量办理"))
    if case.uploads.filter(finished_at=None).exists():
        raise Unsettled(_("上一份名单还在读取，请等读取完成后再上传"))
    kind = workbooks.inspect(file, file.name)
    upload = Upload(
        case=case,
        filename=file.name[-200:],
        size=file.size,
        sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        by=by.account_id,
        by_name=by.account_name,
    )
    file.seek(0)
    upload.file.save(f"uploads/{case.number}/{ids.uuid7()}.{kind}", file, save=False)
    upload.save()
    audit.record(
        "case.roster-uploaded", case.ref, by=by, details={"sha256": upload.sha256, "bytes": upload.size}
    )
    app.configure_task("shebao.casework.tasks.read_upload").defer(upload_id=upload.pk)
    return upload


def take_in(upload_id: int) -> None:
    """Read an upload to its end, from wherever reading stopped. Harmless a second time, and beside another reader."""
    upload = Upload.objects.select_related("case").get(pk=upload_id)
    if upload.is_finished:
        return
    try:
        if upload.stage != Upload.Stage.EXAMINING:
            with upload.file.open("rb") as file, workbooks.opened(file) as book:
                origin = _read(upload, book)
                _has_read(upload, origin)
        while not upload.is_finished:
            _examine_on(upload)
    except Unsettled as refusal:
        _refuse(upload, [refusal.sentence])
    except Faulty as faulty:
        _refuse(upload, faulty.sentences)
    except Overtaken:
        return


@transaction.atomic
def stop(case: Case, *, by: Acting) -> None:
    """Leave off reading. What a first workbook has brought by then is taken out again; of a correction what was taken
    stays, and is examined. Unsettled when there is nothing left to stop."""
    states.lock_open(case)
    upload = case.uploads.select_for_update().filter(finished_at=None).first()
    if upload is None or (upload.corrects and upload.stage == Upload.Stage.EXAMINING):
        raise Unsettled(_("名单已经读完，不用停止；不要的行可以删除"))
    if upload.corrects and upload.lines_read:
        words = {"lines": upload.lines_read, "total": upload.lines_total}
        upload.faults.append(_("已按您的要求停止：%(total)s 行里只收了前 %(lines)s 行") % words)
        _to_examination(case, upload)
        app.configure_task("shebao.casework.tasks.read_upload").defer(upload_id=upload.pk)
    else:
        Row.objects.filter(case=case, upload=upload).delete()
        rows.tally(case)
        _finish(upload, Upload.Stage.STOPPED, [])
    audit.record("case.roster-stopped", case.ref, by=by, details={"rows": upload.lines_read})


class Faulty(Exception):
    """The table as a whole can't be read: all that is wrong with its heads."""

    def __init__(self, sentences: list[str]):
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass(frozen=True)
class Columns:
    """Where each field stands in the sheet's lines."""

    places: Mapping[str, int]
    first: int
    reason: int | None = None
    corrects: str = ""  # the head of the reason column

    def raw(self, cells: Sequence[object]) -> dict[str, object]:
        return {name: cells[place] if place < len(cells) else None for name, place in self.places.items()}

    def number(self, cells: Sequence[object]) -> int | None:
        """The row that the reason column of this line speaks of."""
        return number_in(cells[self.reason]) if self.reason is not None and self.reason < len(cells) else None

    def letters(self) -> dict[str, str]:
        return {name: letters(place + self.first) for name, place in self.places.items()}


def _read(upload: Upload, book: Book) -> int | None:
    """Read every line. Answers of which upload's failures the workbook speaks, if it is a marked one."""
    service = upload.case.service
    lines = iter(book)
    columns = _columns(service, book, next(lines, (0, []))[1])
    total = book.lines - 1
    if total > service.most_rows:
        words = {"most": service.most_rows, "rows": total}
        raise Unsettled(
            _("名单有 %(rows)s 行，一笔业务最多 %(most)s 行；请分成几个文件，每个文件另办一笔") % words
        )
    if total < 1:
        raise Unsettled(_("表里没有名单：请从表头下面一行开始填写，每行一人"))
    given = corrections.given(upload.case, book.mark, book.held, columns.corrects)
    _begin(upload, total, columns, given=given, faults=_unsaid(book))
    # The count of lines read so far is where a killed reader stopped.
    lines, step = islice(lines, upload.lines_read, None), -(-total // _STEPS)
    while part := list(islice(lines, step)):
        _write(upload, columns, part, marked=given is not None)
    return origin_in(columns.corrects, upload.case.number)


def _columns(service: Service, book: Book, heads: Sequence[object]) -> Columns:
    """Where the fields stand, by the words of the heads. Faulty lists all that is wrong with them."""
    code, _slash, version = book.mark.partition("/")
    other = next((one for one in catalogue.declared() if one.code == code != service.code), None)
    if other:
        words = {"other": other.title, "title": service.title}
        raise Unsettled(
            _("这是“%(other)s”的模板，不能办理“%(title)s”；请在本页下载模板，把名单复制进去再上传") % words
        )
    fields = {packed(question.label): question for question in service.questions}
    places, faults, reason = {}, [], None
    for place, head in enumerate(heads):
        text = packed(head)
        if is_reason(text):
            reason = place
        if not text or is_ours(text):
            continue
        if text not in fields:
            faults.append(_("多出一列“%(head)s”，请删除这一列，或改回模板里的名称") % {"head": text[:20]})
        elif fields[text].name in places:
            faults.append(_("“%(head)s”列出现了两次，请只留一列") % {"head": text})
        else:
            places[fields[text].name] = place
    faults += [
        _("缺少“%(label)s”列，请使用下载的模板，不要改动表头") % {"label": question.label}
        for question in service.questions
        if question.required and question.name not in places
    ]
    if faults:
        if places and code == service.code and mark_of(service) != book.mark and "/" not in version:
            faults.insert(0, _("模板已经更新，这份是旧的；请下载新模板，把名单复制进去再上传"))
        if places:
            raise Faulty(faults)
        faults = [_("第一行不是模板的表头，请使用下载的模板，从第二行开始填写")]
        if book.sheets > 1 and book.sheet != ROSTER:
            words = {"sheet": book.sheet, "roster": ROSTER}
            faults.append(_("读的是“%(sheet)s”表；名单如果在别的表里，请把那张表改名为“%(roster)s”") % words)
        raise Faulty(faults)
    told = packed(heads[reason]) if reason is not None else ""
    return Columns(places, book.first_column, reason, told)


def _undone(upload: Upload, origin: int | None) -> list[str]:
    """Where a marked file changed again what a newer one had changed: it may be the wrong one."""
    if origin is None:
        return []
    since = upload.case.uploads.filter(pk__gt=origin, pk__lt=upload.pk).values_list("written", flat=True)
    numbers = sorted({number for written in since for number in written}.intersection(upload.written))
    if not numbers:
        return []
    words = {"rows": "、".join(map(str, numbers[:_NAMED])), "many": len(numbers)}
    return [
        _(
            "这是较早的一份标红文件：编号 %(rows)s 共 %(many)s 行后来上传的文件改过，"
            "现在照这份改了；如果选错了文件，请再上传最后改好的那一份"
        )
        % words
    ]


def _unsaid(book: Book) -> list[str]:
    """What the writer sees otherwise than it was read: he would not understand why."""
    said = []
    if book.formulas:
        words = {"where": _cells(book.formulas)}
        said.append(
            _(
                "%(where)s 是公式，但文件里没有算出的值，所以按空白处理；请在表格软件里打开、保存一次再上传，或改成数值"
            )
            % words
        )
    if book.errors:
        words = {"where": _cells(book.errors)}
        said.append(_("%(where)s 显示的是错误值（如 #N/A），所以按空白处理；请改成正确的内容再上传") % words)
    if book.joined:
        words = {"where": _cells(book.joined)}
        said.append(
            _(
                "%(where)s 是合并的单元格：内容只算在左上角那一格，其余按空白处理；请取消合并，每一行都填上，再上传"
            )
            % words
        )
    if book.hidden:
        words = {"many": book.hidden}
        said.append(_("表里隐藏（或被筛选掉）的 %(many)s 行也读进来了；不办理的，请在名单里删除") % words)
    return said


def _cells(found: Sequence[str]) -> str:
    words = {"cells": "、".join(found[:5]), "many": len(found)}
    return _("%(cells)s 等 %(many)s 格") % words if len(found) > 5 else words["cells"]


@transaction.atomic
def _begin(
    upload: Upload, total: int, columns: Columns, *, given: Sequence[int] | None, faults: list[str]
) -> None:
    """Note where the rows will stand, and whether they meet others that are there already."""
    case = _hold(upload)
    if upload.stage != Upload.Stage.WAITING:
        return
    upload.corrects = given is not None or rows.search(case, "").exists()
    upload.expected = list(given or ())
    upload.numbered_after = rows.last_number(case)
    upload.lines_total = total
    upload.columns = columns.letters()
    upload.faults = faults
    upload.stage = Upload.Stage.READING
    upload.save()


@transaction.atomic
def _write(upload: Upload, columns: Columns, part: Sequence[tuple[int, list]], *, marked: bool) -> None:
    so_far = upload.lines_read
    case = _hold(upload)
    if upload.lines_read != so_far or upload.stage != Upload.Stage.READING:
        raise Overtaken
    if upload.corrects:
        _write_corrected(case, upload, columns, part, marked=marked)
    else:
        after = upload.numbered_after
        written = {after + line: columns.raw(cells) for line, cells in part}
        rows.write(case, written, upload=upload, lines={after + line: line for line, _cells in part})
    upload.lines_read += len(part)
    upload.save(update_fields=["lines_read", "written", "left_out", "faults"])


def _write_corrected(
    case: Case, upload: Upload, columns: Columns, part: Sequence[tuple[int, list]], *, marked: bool
) -> None:
    """Of lines that came back, write those that were changed."""
    service = case.service
    came = [
        Line(line, columns.number(cells), rows.raw_of(service, columns.raw(cells))) for line, cells in part
    ]
    placed = corrections.place(case, upload, came, marked=marked)
    _leave_out(case, upload, placed)
    corrections.point(case, upload, placed.unchanged)
    written = {number: line.raw for number, line in placed.written.items()}
    rows.write(
        case, written, upload=upload, lines={number: line.line for number, line in placed.written.items()}
    )
    upload.written += list(written)
    upload.faults += [
        _("第 %(line)s 行的人已提交或办结，这一行的改动没有收") % {"line": line.line}
        for line in placed.settled[: _NAMED - len(upload.faults)]
    ]


def _leave_out(case: Case, upload: Upload, placed: Placed) -> None:
    """New rows beyond the most that a case has aren't taken; the first of them is named."""
    last = rows.last_number(case)
    new = [number for number in placed.written if number > last]
    room = case.service.most_rows - rows.search(case, "").count()
    left_out = [placed.written.pop(number) for number in new[max(room, 0) :]]
    if left_out and not upload.left_out:
        words = {"most": case.service.most_rows, "line": left_out[0].line}
        upload.faults.append(
            _("一笔业务最多 %(most)s 行：从第 %(line)s 行起，新增的人没有收，请另办一笔") % words
        )
    upload.left_out += len(left_out)


@transaction.atomic
def _has_read(upload: Upload, origin: int | None) -> None:
    case = _hold(upload)
    if upload.stage != Upload.Stage.READING:
        raise Overtaken
    if upload.corrects:
        upload.dropped = corrections.drop_missing(case, upload)
        upload.faults += _undone(upload, origin)
    _to_examination(case, upload)


def _to_examination(case: Case, upload: Upload) -> None:
    rows.tally(case)
    touched = _touched(case, upload)
    open_rows = Row.objects.filter(case=case, state__in=OPEN_ROWS)
    upload.to_examine = open_rows.count() if touched is None else len(touched)
    upload.stage = Upload.Stage.EXAMINING
    upload.save()


@transaction.atomic
def _examine_on(upload: Upload) -> None:
    """Examine the next slice of rows; behind the last one the workbook is done."""
    so_far = upload.examined_to
    case = _hold(upload)
    if upload.stage != Upload.Stage.EXAMINING or upload.examined_to != so_far:
        raise Overtaken
    case.filed_on = clock.today()
    outcome, last = examination.examine_on(
        case, after=so_far, most=examination.SLICE, numbers=_touched(case, upload)
    )
    examination.own_up(case.service, outcome.told_of, by=_handed_in_by(upload), about=case.ref)
    upload.examined += outcome.good + outcome.bad
    if last is not None and upload.examined < upload.to_examine:
        upload.examined_to = last
        upload.save(update_fields=["examined", "examined_to"])
        return
    rows.tally(case)
    cases.stamp(case)
    _finish(upload, Upload.Stage.DONE, upload.faults)
    counted = {"rows": upload.lines_read, "bad": case.bad, "dropped": upload.dropped}
    audit.record("case.roster-read", case.ref, by=acting.system("rosters"), details=counted)


def _touched(case: Case, upload: Upload) -> set[int] | None:
    """The rows that a correction may have changed something for; None, all of them, where they are few or all new."""
    if not upload.corrects or not errands.needed_for(case.total):
        return None
    return rows.numbers_like(case, upload.written)


def _handed_in_by(upload: Upload) -> Acting:
    """Whoever handed it in, as far as the upload knows him: a worker reads, but he reads the answer."""
    case = upload.case
    return Acting(upload.by, upload.by_name, case.party_kind, case.party_id, case.party_name)


def _hold(upload: Upload) -> Case:
    """Lock the case, then the upload, as they are now. Unsettled when the case isn't open any more."""
    case = states.lock_open(upload.case)
    upload.refresh_from_db(from_queryset=Upload.objects.select_for_update())
    upload.case = case
    return case


@transaction.atomic
def _refuse(upload: Upload, faults: list[str]) -> None:
    states.lock(upload.case)
    upload.refresh_from_db(from_queryset=Upload.objects.select_for_update().select_related("case"))
    if upload.is_finished:
        return
    _finish(upload, Upload.Stage.REFUSED, faults)
    audit.record("case.roster-refused", upload.case.ref, by=acting.system("rosters"))


def _finish(upload: Upload, stage: Upload.Stage, faults: list[str]) -> None:
    upload.stage = stage
    upload.faults = faults
    upload.finished_at = clock.now()
    upload.save()
