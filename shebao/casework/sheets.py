"""Workbooks that the hall hands out: the template of a service, and lists in the template's own columns.

Every cell is text: an identity number keeps its 18 digits, and nothing that somebody typed is ever a formula.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import Question
from shebao.casework.cells import ABOUT, ROSTER
from shebao.casework.service import Occasion, Service
from shebao.casework.workbooks import MOST_BYTES
from shebao.foundation import clock, languages, spreadsheets
from shebao.foundation.writing import packed

REASON, RESULT, LINE = lazy("失败原因"), lazy("办理结果"), lazy("行号")
_LONGEST_LIST = 255  # characters that a drop-down's list may have
_LONGEST_MESSAGE = 255
_NAVY, _RED, _GREY, _PAPER = "#0A2F5C", "#B3261E", "#5A6472", "#EEF3F9"
_FIXED = "#F1F3F5"
WRONG = "#FFC9C7"  # of a cell that has to be put right
_WIDE = 60  # digits, of a column that we add
_ABOUT = (24, 10, 70, 28)  # the same, of the columns of the second sheet
_MOST_NOTES = 2_000  # on cells: they are held until the file is closed


_REFERENCE = re.compile(r"^编号 (\d{1,9})：")
_ORIGIN = re.compile(r"\((\d{1,20})-(\d{1,18})\)")  # of a head as it is compared: its brackets are half-width
_SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_LONGEST_CELL = 30_000  # characters; a cell takes 32,767
_HELD = 5  # the column, from 0, in which the second sheet keeps which rows a list of failures holds


def is_ours(head: str) -> bool:
    """Whether a head names a column that our own lists add and nobody fills in."""
    return head in {str(RESULT), str(LINE)} or is_reason(head)


def is_reason(head: str) -> bool:
    """Whether this is the head of the column that says why rows failed."""
    return head.startswith(str(REASON))


def reason_head(case_number: str, upload: int) -> str:
    """The head of the reason column in the filer's own workbook; it tells later whose failures these are."""
    return f"{REASON}（{case_number}-{upload}）"


def origin_in(head: str, case_number: str) -> int | None:
    """The upload whose failures of this case a reason column speaks of; None when it speaks of none."""
    found = _ORIGIN.fullmatch(packed(head).removeprefix(str(REASON)))
    return int(found[2]) if found and found[1] == case_number else None


def spans(numbers: Iterable[int]) -> str:
    """Numbers in ascending order, neighbours drawn together: 2-5,9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def spanned(text: str, most: int) -> set[int]:
    """The numbers up to `most` that a text of `spans` names, as far as it is one: it comes from a stranger's file."""
    found: set[int] = set()
    for part in _SPAN.finditer(text):
        first, last = int(part[1]), min(int(part[2] or part[1]), most)
        if first <= max(found, default=0):
            break
        found.update(range(first, last + 1))
    return found


def referred(number: int, reason: str) -> str:
    """A reason with the number of its row, by which the row is known when the list comes back, however sorted."""
    return f"编号 {number}：{reason}"


def number_in(reason: object) -> int | None:
    """The number of the row that a cell of the reason column speaks of."""
    found = _REFERENCE.match(reason) if isinstance(reason, str) else None
    return int(found[1]) if found else None


def mark_of(service: Service, failures_of: str = "") -> str:
    """What the second sheet says at its top: which service and which version of its columns, or whose failures."""
    if failures_of:
        return f"{service.code}/failures/{failures_of}"
    columns = "|".join(f"{question.name}:{question.label}" for question in service.questions)
    return f"{service.code}/{hashlib.sha256(columns.encode()).hexdigest()[:8]}"


def template(service: Service, filed: Iterable[Mapping[str, object]] = ()) -> bytes:
    """The roster to be filled in: heads with notes, drop-downs, a sheet on how; with what is on file, if anything."""
    return workbook(service, ((raw, ()) for raw in filed), mark=mark_of(service))


def workbook(
    service: Service,
    lines: Iterable[tuple],
    *,
    mark: str = "",
    extra: Sequence[str] = (),
    held: Sequence[int] = (),
) -> bytes:
    """A roster in the template's columns, with further columns at the end.

    A line is (raw values by field, the further ones), and, to have cells red, a third: the sentence for each wrong
    field. Lines are written as they come: however many there are, one is held, and the packed file. `held` are the
    numbers of the rows on a list of failures; it may grow while the lines are written.
    """
    with languages.of_the_hall():  # whoever downloads it: its heads and answers are read back in this one
        return _workbook(service, lines, mark, extra, held)


def _workbook(
    service: Service, lines: Iterable[tuple], mark: str, extra: Sequence[str], held: Sequence[int]
) -> bytes:
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(ROSTER)
        questions = service.questions
        occasion = service.occasion_on(clock.today())
        book.set_properties({"title": _name(service, occasion)})
        _heads(book, sheet, service, [str(head) for head in extra], occasion)
        text = book.add_format({"num_format": "@"})
        fixed = book.add_format({"num_format": "@", "bg_color": _FIXED, "font_color": _GREY})
        formats = [fixed if question.words.fixed else text for question in questions]
        wrong = book.add_format({"num_format": "@", "font_color": _RED, "text_wrap": True})
        red = book.add_format({"num_format": "@", "bg_color": WRONG, "border": 1, "border_color": _RED})
        noted = 0
        for number, (raw, further, *told) in enumerate(lines, 1):
            faults = told[0] if told else {}
            for column, question in enumerate(questions):
                format = red if question.name in faults else formats[column]
                sheet.write_string(number, column, as_text(raw.get(question.name)), format)
                if question.name in faults and noted < _MOST_NOTES:
                    noted += 1
                    sheet.write_comment(number, column, faults[question.name], {"x_scale": 2})
            said = [str(words) for words in further]
            if (tallest := max((spreadsheets.lines_of(words, _WIDE) for words in said), default=1)) > 1:
                sheet.set_row(number, spreadsheets.LINE * tallest)
            for column, words in enumerate(said, len(questions)):
                sheet.write_string(number, column, words, wrong)
        _instructions(book, service, mark, spans(held), occasion)
    return out.getvalue()


def _name(service: Service, occasion: Occasion) -> str:
    return f"{service.title} {occasion.title}".strip()


def as_text(written: object) -> str:
    """What was written, as the cell that shows it."""
    if written is None:
        return ""
    if isinstance(written, bool):
        return _("是") if written else _("否")
    if isinstance(written, float) and written.is_integer():
        return str(int(written))
    return "、".join(map(str, written)) if isinstance(written, list) else str(written)


def _heads(
    book: xlsxwriter.Workbook, sheet, service: Service, extra: Sequence[str], occasion: Occasion
) -> None:
    text = book.add_format({"num_format": "@"})
    plain = {"bold": True, "bg_color": _PAPER, "bottom": 2, "text_wrap": True, "valign": "vcenter"}
    required = book.add_format({**plain, "font_color": _RED})
    optional = book.add_format({**plain, "font_color": _NAVY})
    ours = book.add_format({**plain, "font_color": _GREY})
    sheet.set_row(0, 32)
    for column, question in enumerate(service.questions):
        sheet.set_column(column, column, _width(question), text)
        format = ours if question.words.fixed else required if question.required else optional
        sheet.write_string(0, column, question.label, format)
        note = _note(question, occasion)
        sheet.write_comment(0, column, note, {"x_scale": 2, "y_scale": 1.4})
        _guide(sheet, service, column, question, note)
    for column, head in enumerate(extra, len(service.questions)):
        sheet.set_column(column, column, _WIDE, text)
        sheet.write_string(0, column, head, ours)
    sheet.freeze_panes(1, 0)
    sheet.hide_gridlines(0)  # printed too
    spreadsheets.on_a4(sheet, heads=(0, 0), footer=_name(service, occasion), landscape=True)


def _guide(sheet, service: Service, column: int, question: Question, note: str) -> None:
    """A drop-down where the answers can be listed; elsewhere the hint beside the cell."""
    words = {"input_title": question.label[:32], "input_message": note[:_LONGEST_MESSAGE]}
    labels = [words for _value, words in question.choices]
    if labels and not question.many and len(",".join(labels)) <= _LONGEST_LIST:
        words |= {
            "validate": "list",
            "source": labels,
            "error_title": question.label[:32],
            "error_message": _("请从下拉列表里选一项"),
        }
    else:
        words |= {"validate": "any"}
    sheet.data_validation(1, column, service.most_rows, column, words)


def _note(question: Question, occasion: Occasion) -> str:
    need = _("必填") if question.required else _("建议填写") if question.words.important else _("选填")
    parts = [_("系统填写，不能改动") if question.words.fixed else need]
    parts += [part for part in (occasion.of_fields.get(question.name), question.hint) if part]
    if question.choices:
        answers = "、".join(words for _value, words in question.choices)
        parts.append(
            (_("可填多项，用顿号隔开：%s") if question.many else _("从下列各项中选一项：%s")) % answers
        )
    if question.words.example:
        parts.append(_("例如：%s") % question.words.example)
    return "。\n".join(parts)


def _instructions(
    book: xlsxwriter.Workbook, service: Service, mark: str, held: str, occasion: Occasion
) -> None:
    sheet = book.add_worksheet(ABOUT)
    bold = book.add_format({"bold": True, "bg_color": _PAPER})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    grey = book.add_format({"font_color": _GREY})
    for column, width in enumerate(_ABOUT):
        sheet.set_column(column, column, width, wrap)
    sheet.write_string(0, 0, mark, grey)
    parts = range(0, len(held), _LONGEST_CELL)
    for place, start in enumerate(parts):
        sheet.write_string(0, _HELD + place, held[start : start + _LONGEST_CELL], grey)
    if parts:
        sheet.set_column(_HELD, _HELD + len(parts), None, None, {"hidden": True})
    words = {"roster": ROSTER, "most": f"{service.most_rows:,}", "size": MOST_BYTES // 10**6}
    how = _("请在“%(roster)s”表中填写，从第二行起每行一人；不要改动第一行的表头。") % words
    if service.prefill:
        how = (
            _("“%(roster)s”表已按系统登记填好：灰色的列不能改动，也不能增加行；不办理的人可以删除整行。")
            % words
        )
    said = (
        _("“%(title)s”名单填写说明") % {"title": _name(service, occasion)},
        *(_("%(label)s：%(words)s。") % {"label": label, "words": words} for label, words in occasion.says),
        how,
        _("一次最多 %(most)s 行，文件不超过 %(size)s MB。各列已设为文本格式，请不要改成数字。") % words,
    )
    for number, sentence in enumerate(said, 1):
        sheet.merge_range(number, 0, number, len(_ABOUT) - 1, "", wrap)
        sheet.write_string(number, 0, sentence, wrap)
        sheet.set_row(number, spreadsheets.LINE * spreadsheets.lines_of(sentence, sum(_ABOUT)))
    first = len(said) + 2
    spreadsheets.on_a4(sheet, heads=(first, first), footer=said[0], landscape=True)
    for column, head in enumerate((_("列"), _("是否必填"), _("怎么填"), _("例如"))):
        sheet.write_string(first, column, head, bold)
    for number, question in enumerate(service.questions, first + 1):
        answers = "、".join(words for _value, words in question.choices)
        need = _("必填") if question.required else _("选填")
        how = (occasion.of_fields.get(question.name), question.hint, answers)
        line = (
            question.label,
            _("不能改动") if question.words.fixed else need,
            "。".join(part for part in how if part),
            question.words.example,
        )
        lines = max(spreadsheets.lines_of(text, width) for text, width in zip(line, _ABOUT, strict=True))
        sheet.set_row(number, spreadsheets.LINE * lines)
        for column, text in enumerate(line):
            sheet.write_string(number, column, text, wrap)


def _width(question: Question) -> int:
    return 24 if question.identifies_a_person else 16
