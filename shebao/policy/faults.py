"""What can be wrong between entries: the questions that one entry alone can't answer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from shebao.policy.entries import Entry, usable
from shebao.policy.files import PARTS, Book
from shebao.policy.terms import Laid, gaps, lay


class Faulty(Exception):
    """The files can't be loaded; `problems` names each fault with its file and entry. Nothing was changed."""

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def lay_or_refuse(book: Book, *, accepted: frozenset[str], synthetic: bool) -> list[Laid]:
    """The terms that follow from the files. Raises Faulty with all faults of all files."""
    faults = [*book.problems, *_between_entries(book.entries)]
    if faults:  # the rest would only repeat them
        raise Faulty(list(dict.fromkeys(faults)))
    laid = list(lay(book.entries, book.dues, accepted=accepted, synthetic=synthetic))
    faults = [
        *gaps(book.entries, book.dues, accepted=accepted, synthetic=synthetic),
        *_of_parts(book),
        *(fault for terms in laid for fault in _of_terms(terms)),
    ]
    if faults:
        raise Faulty(list(dict.fromkeys(faults)))
    return laid


def _between_entries(entries: Sequence[Entry]) -> Iterator[str]:
    series: dict[tuple, list[Entry]] = defaultdict(list)
    for entry in entries:
        series[entry.series].append(entry)
    for figures in series.values():
        figures.sort(key=lambda e: (e.valid_from, e.known_from))
        yield from _overlaps(figures)
        if not figures[0].synthetic:  # made-up figures only fill what the real ones leave open
            yield from _holes(figures)


def _overlaps(figures: Sequence[Entry]) -> Iterator[str]:
    for index, later in enumerate(figures):
        for earlier in figures[:index]:
            if (earlier.valid_until or date.max) < later.valid_from:
                continue
            if earlier.known_from == later.known_from or not (
                later.states_known_from or earlier.states_known_from
            ):
                yield f"{later}：与 {earlier} 的时间重叠；前一条写 until，或这一条写明更晚的 known_from 以取代它"
            else:
                older, newer = sorted((earlier, later), key=lambda e: e.known_from)
                if newer.value is None and not newer.text and (older.value is not None or older.text):
                    yield f"{newer}：不能用“未知”取代已知的 {older}"


def _holes(figures: Sequence[Entry]) -> Iterator[str]:
    covered = figures[0].valid_until
    for earlier, later in pairwise(figures):
        if covered is not None and later.valid_from > covered + timedelta(days=1):
            first, last = covered + timedelta(days=1), later.valid_from - timedelta(days=1)
            yield f"{later}：接在 {earlier} 之后，{first} 至 {last} 没有写明；不知道写 value: null"
        if covered is not None:
            covered = None if later.valid_until is None else max(covered, later.valid_until)


def _of_parts(book: Book) -> Iterator[str]:
    wanted = {(rule.scheme, part) for rule in book.dues for part in rule.of}
    for entry in book.entries:
        if entry.parameter in PARTS and (entry.scheme, entry.parameter) in wanted:
            ends = entry.valid_until and entry.valid_until + timedelta(days=1)
            if entry.valid_from.day != 1 or (ends and ends.day != 1):
                yield f"{entry}：缴费用的数值按整月起止"


def _of_terms(laid: Laid) -> Iterator[str]:
    figures, rule = laid.figures, laid.rule
    of = f"{laid.entries[0].where}：{rule.scheme} {rule.kind} {laid.starts}"
    if (
        figures["floor"] is not None
        and figures["ceiling"] is not None
        and figures["floor"] > figures["ceiling"]
    ):
        yield f"{of}：缴费基数下限 {figures['floor']} 高于上限 {figures['ceiling']}"
    if figures["account_rate"] > figures["employer_rate"] + figures["personal_rate"]:
        yield f"{of}：划入个人账户的比例大于缴费比例"
    if (figures["floor"] is None) != (figures["ceiling"] is None):
        yield f"{of}：缴费基数的下限和上限要么都有，要么都没有"
    if figures["floor"] is None and (figures["employer_rate"] or figures["personal_rate"]):
        yield f"{of}：有缴费比例却没有缴费基数的上下限"


def unknown(book: Book, accepted: frozenset[str]) -> list[Entry]:
    """The entries that say that something is not known, for the list of what a person has to find out."""
    return [entry for entry in book.entries if not usable(entry, accepted)]
