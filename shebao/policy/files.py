"""Reading policies/: every entry of every file, and everything that is wrong with them, at once."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable
from shebao.policy.entries import COUNTRY, EVIDENCE, UNITS, UNKNOWN, Entry

_FILE_KEYS = {"scheme", "synthetic", "defaults", "dues", "series"}
_SERIES_KEYS = {"parameter", "scheme", "schemes", "kind", "klass", "unit", "title", "entries"}
_ENTRY_KEYS = {
    "from", "until", "known_from", "value", "values", "text", "source", "document", "url",
    "evidence", "adopted", "provisional", "review_due",
}  # fmt: skip
_DUES_KEYS = {"from", "until", "of", "classes"}
_NEEDED = {"from": "从何时起", "source": "来源", "evidence": "证据等级"}
_KINDS = ("", "employee", "flexible")

PARTS = (
    "base_floor", "base_ceiling", "average_wage", "employer_rate", "personal_rate", "employer_fixed",
    "personal_fixed", "account_rate",
)  # fmt: skip
"""The parameters a due can be made of."""
DUES_OF = "dues_of"


@dataclass(frozen=True)
class DuesRule:
    """A scheme that is assessed in a city for one kind of people, and the parameters its dues are made of."""

    city: str
    scheme: str
    kind: str
    starts: Month
    ends: Month | None
    of: tuple[str, ...]
    classes: tuple[str, ...]  # work-injury classes; ("",) where there are none
    where: str


@dataclass
class Book:
    """All that policies/ says."""

    entries: list[Entry] = field(default_factory=list)
    dues: list[DuesRule] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Lines(yaml.SafeLoader):
    """YAML that knows the line of each mapping, and refuses a key written twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” 写了两次", key.start_mark)
            seen.add(key.value)
        made = super().construct_mapping(node, deep)
        made["line"] = node.start_mark.line + 1
        return made


_Lines.add_constructor(
    "tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True)
)


def read(folder: Path, *, synthetic: bool) -> Book:
    """Every file of every city in `folder`; those marked synthetic only when asked for."""
    book = Book()
    if not (folder / COUNTRY).is_dir():
        book.problems.append(f"{folder}：没有 {COUNTRY} 文件夹，这里不是 policies/")
    for city_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        city = city_folder.name.split("-")[0]
        for path in sorted(city_folder.glob("*.yaml")):
            _read_file(path, city, f"{city_folder.name}/{path.name}", synthetic, book)
    _check_schemes(book)
    return book


def _read_file(path: Path, city: str, name: str, synthetic: bool, book: Book) -> None:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Lines)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        at = f":{mark.line + 1}" if mark else ""
        book.problems.append(f"{name}{at}：不是正确的 YAML：{getattr(wrong, 'problem', wrong)}")
        return
    if not isinstance(content, dict):
        book.problems.append(f"{name}：文件是空的")
        return
    content.pop("line")
    _refuse_unknown_keys(content, _FILE_KEYS, name, book)
    made_up = content.get("synthetic", False) is True
    if made_up and not synthetic:
        return
    scheme = content.get("scheme", "")
    defaults = {**content.get("defaults", {})}
    defaults.pop("line", None)
    for kind, rule in (content.get("dues") or {}).items():
        if kind != "line":
            _read_dues(rule, kind, city, scheme, name, book)
    for series in content.get("series") or []:
        _read_series(series, defaults, city, scheme, name, made_up, book)


def _read_dues(rule: Mapping, kind: str, city: str, scheme: str, name: str, book: Book) -> None:
    where = f"{name}:{rule.get('line', '?')}"
    _refuse_unknown_keys(rule, _DUES_KEYS | {"line"}, where, book)
    of, classes = tuple(rule.get("of") or ()), tuple(str(k) for k in rule.get("classes") or ("",))
    wrong = [part for part in of if part not in PARTS]
    if not scheme:
        book.problems.append(f"{where}：写明了应缴组成，文件却没有 scheme")
    if kind not in _KINDS[1:]:
        book.problems.append(f"{where}：人员类别 {kind!r} 不认识，只有 employee 和 flexible")
    if not of or wrong:
        book.problems.append(f"{where}：of 里的 {wrong or '空'} 不认识，可用：{'、'.join(PARTS)}")
        return
    try:
        starts = Month.read(rule["from"])
        ends = Month.read(rule["until"]) if rule.get("until") else None
    except (KeyError, Unreadable):
        book.problems.append(f"{where}：from、until 要写成 2011-01 这样的年月")
        return
    book.dues.append(DuesRule(city, scheme, kind, starts, ends, of, classes, where))
    # Also a value, so that whoever looks for a missing figure knows which ones a due is made of.
    book.entries.append(
        Entry(
            city=city,
            scheme=scheme,
            parameter=DUES_OF,
            kind=kind,
            klass="",
            valid_from=starts.first_day,
            valid_until=ends and ends.last_day,
            known_from=starts.first_day,
            value=None,
            text=" ".join(of),
            unit="text",
            title="应缴组成",
            source="本市数据文件的 dues 一节",
            document="",
            url="",
            evidence="V1",
            adopted="",
            provisional=False,
            synthetic=False,
            review_due=None,
            where=where,
            states_known_from=False,
        )  # fmt: skip
    )


def _read_series(series, defaults, city, file_scheme, name, made_up, book: Book) -> None:
    where = f"{name}:{series.get('line', '?')}"
    _refuse_unknown_keys(series, _SERIES_KEYS | {"line"}, where, book)
    missing = [key for key in ("parameter", "unit", "title", "entries") if not series.get(key)]
    if missing:
        book.problems.append(f"{where}：缺 {'、'.join(missing)}")
        return
    if series["unit"] not in UNITS:
        book.problems.append(f"{where}：单位 {series['unit']!r} 不认识，可用：{'、'.join(sorted(UNITS))}")
    kind = series.get("kind", "")
    if kind not in _KINDS:
        book.problems.append(f"{where}：人员类别 {kind!r} 不认识，只有 employee 和 flexible")
    for entry in series["entries"]:
        at = f"{name}:{entry.get('line', '?')}"
        for scheme in series.get("schemes") or [series.get("scheme", file_scheme)]:
            book.entries.extend(
                _read_entry({**defaults, **entry}, series, city, scheme, kind, made_up, at, book)
            )


def _read_entry(entry, series, city, scheme, kind, made_up, where, book: Book) -> Iterator[Entry]:
    problems: list[str] = []
    say = problems.append
    where_key = (
        f"{where}：{' '.join(p for p in (scheme, series['parameter'], kind) if p)} {entry.get('from', '')}"
    )
    unknown = set(entry) - _ENTRY_KEYS - {"line"}
    if unknown:
        say(f"不认识的项：{'、'.join(sorted(map(str, unknown)))}")
    for key in _NEEDED:
        if not entry.get(key):
            say(f"缺 {key}（{_NEEDED[key]}）")
    given = [key for key in ("value", "values", "text") if key in entry]
    if len(given) != 1:
        say("value、values、text 要写且只写一个；未知写 value: null")
    evidence = str(entry.get("evidence", ""))
    if evidence and evidence not in EVIDENCE:
        say(f"证据等级 {evidence!r} 不认识，可用：{'、'.join(EVIDENCE)}")
    if made_up != (evidence == "SYN"):
        say("合成数据要放在 synthetic: true 的文件里，证据等级写 SYN；别的文件不能用 SYN")
    starts = _day(entry.get("from"), say, "from", last=False)
    until = _day(entry.get("until"), say, "until", last=True)
    known = _day(entry.get("known_from"), say, "known_from", last=False)
    review = _day(entry.get("review_due"), say, "review_due", last=True)
    if starts and until and until < starts:
        say("until 早于 from")
    if not isinstance(entry.get("provisional", False), bool):
        say("provisional 只能写 true 或 false")
    figures = _figures(entry, str(series.get("klass", "")), series["unit"], say)
    adopted = entry.get("adopted", "")
    for figure, text in figures.values():
        if figure is None and not text:
            if evidence and evidence not in UNKNOWN:
                say(f"没有数值，证据等级却是 {evidence}；未知写 N（未查到）、U（未经核实）或 X（冲突）")
        elif evidence == "N" or (evidence in UNKNOWN and not adopted):
            say(f"证据等级 {evidence} 的数值不能使用：改为 value: null，或在 adopted 里写明为什么先用")
    book.problems.extend(f"{where_key}：{problem}" for problem in dict.fromkeys(problems))
    if problems or starts is None:
        return
    for klass, (figure, text) in figures.items():
        yield Entry(
            city=city, scheme=scheme, parameter=series["parameter"], kind=kind, klass=klass,
            valid_from=starts, valid_until=until, known_from=known or starts,
            value=figure, text=text, unit=series["unit"], title=series["title"],
            source=str(entry["source"]), document=str(entry.get("document", "")), url=str(entry.get("url", "")),
            evidence=evidence, adopted=adopted, provisional=entry.get("provisional", False),
            synthetic=made_up, review_due=review, where=where, states_known_from=known is not None,
        )  # fmt: skip


def _figures(entry, klass: str, unit: str, say) -> dict[str, tuple[Decimal | None, str]]:
    """By class: the number or the words."""
    if "text" in entry:
        return {klass: (None, str(entry["text"]))}
    if "values" not in entry:
        return {klass: (_number(entry.get("value"), unit, say), "")}
    values = entry["values"]
    if not isinstance(values, dict):
        say("values 要写成一张表，左边是类别，右边是加引号的数值")
        return {}
    return {str(k): (_number(v, unit, say), "") for k, v in values.items() if k != "line"}


def _number(raw: object, unit: str, say) -> Decimal | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        say(f'数值 {raw!r} 没有加引号；要写成 "{raw}"，否则会被当成浮点数')
        return None
    try:
        number = Decimal(raw)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number < 0:
        say(f"{raw!r} 不是数值")
        return None
    if unit.startswith("share") and number > 1:
        say(f'{raw!r} 大于 1；比例写成小数，16% 写 "0.16"')
    if number != number.quantize(Decimal("0.000001")):
        say(f"{raw!r} 超过六位小数")
    return number


def _day(raw: object, say, what: str, *, last: bool) -> date | None:
    """A month stands for its first day, in `until` for its last."""
    if raw is None:
        return None
    if isinstance(raw, date) and not isinstance(raw, datetime.datetime):
        return raw
    try:
        month = Month.read(str(raw))
        return month.last_day if last else month.first_day
    except Unreadable:
        say(f"{what} 的 {raw!r} 看不出是哪一天，写成 2016-05 或 2016-05-01")
        return None


def _refuse_unknown_keys(content: Mapping, known: set[str], where: str, book: Book) -> None:
    unknown = sorted(str(key) for key in content if key not in known)
    if unknown:
        book.problems.append(f"{where}：不认识的项：{'、'.join(unknown)}")


def _check_schemes(book: Book) -> None:
    named = {entry.scheme for entry in book.entries if entry.parameter == "scheme_name"} | {""}
    for scheme in sorted({entry.scheme for entry in book.entries} - named):
        first = next(entry for entry in book.entries if entry.scheme == scheme)
        book.problems.append(
            f"{first.where}：险种 {scheme!r} 没有名称；拼写有误，或在 china/names.yaml 里补上"
        )
