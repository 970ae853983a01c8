"""What must always be true of the books: a list of sentences, each proved by a query that finds no exception."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from shebao import audit
from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, ref_of
from shebao.ledger.models import Proof

_SQL = sql.queries("shebao.ledger", "invariants.sql")
_SETTINGS = sql.queries("shebao.ledger", "settings.sql")
_MONEY = {"slip_money": sql.queries("shebao.ledger", "receipts.sql")["slip_money"]}
_SHOWN = 5


@dataclass(frozen=True)
class Invariant:
    """A name (of its query), and the sentence that holds, in Chinese for the desk and in English for the operator."""

    name: str
    sentence: str
    in_english: str


@dataclass(frozen=True)
class Result:
    """Whether one of them holds now. `exceptions` counts those that were found, `examples` shows a few of them."""

    invariant: Invariant
    exceptions: int
    examples: tuple[dict, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        return self.exceptions == 0


INVARIANTS = tuple(
    Invariant(*words)
    for words in (
        ("due_is_paid_arrears_and_written_off", "每个险种、每个月：应缴 = 已缴 + 欠缴 + 已注销",
         "per scheme and month: due = paid + arrears + written off"),
        ("allocations_settle_a_due_whole", "每笔到账分配都对应一笔应缴，金额分毫不差",
         "every allocation settles an existing due line, with exactly its amounts"),
        ("bills_equal_dues", "每个单位、每个月的账单 = 应缴合计",
         "per employer, month and scheme: the bill is the sum of the dues"),
        ("bills_count_what_is_settled", "账单记的已结清笔数 = 到账和注销的笔数",
         "per employer, month and scheme: the bill counts the due lines that are settled"),
        ("due_lines_are_numbered", "应缴的行号从 1 起，不缺号", "the lines of a due begin with 1 and have no gap"),
        ("dues_cite_their_terms", "每笔应缴都注明当月有效的政策依据",
         "every due cites existing terms of its scheme, in force in its month"),
        ("dues_name_their_run", "每笔应缴都注明由哪次核定产生", "every due names a run that is on file"),
        ("dues_lie_within_enrolments", "有应缴的月份，当月都在该缴费主体参保",
         "whoever owes for a month was enrolled in it through that payer"),
        ("accounts_equal_what_was_paid", "个人账户划入与已缴应缴逐笔相等",
         "personal accounts are credited with exactly what the paid lines say"),
        ("slips_equal_their_items", "缴费单合计 = 单内明细合计",
         "a slip's total, lines and people are those of its items"),
        ("items_belong_to_a_slip", "缴费单明细都属于本单位的缴费单，退回的单不再占用",
         "items belong to a slip of their payer and are live while it is open or paid"),
        ("no_due_on_two_live_slips", "同一笔应缴不会同时列入两张有效缴费单",
         "no due line stands on two live slips"),
        ("a_matched_receipt_pays_its_slip", "匹配的到账金额 = 缴费单金额，一单一次",
         "a matched receipt is exactly its slip's total; a paid slip has exactly one"),
        ("a_matched_receipt_settles_every_item", "匹配的到账分配到单内每一笔，不多不少",
         "a receipt settles all items of its slip and nothing else"),
        ("items_of_paid_slips_are_settled_by_them", "已到账缴费单的明细都由该笔到账结清",
         "no item of a paid slip is open or settled otherwise"),
        ("what_is_paid_has_a_receipt", "已缴有到账或接续来源，已注销有办件依据",
         "what is paid names its receipt or source, what is written off its case"),
        ("what_is_written_off_is_neither_paid_nor_open", "已注销的应缴，同月后来的差额也已注销，不缴不退",
         "of a due that is written off nothing is left to be paid or to be credited"),
        ("files_account_for_every_row", "到账文件：行数 = 已匹配 + 挂账 + 重复，金额相符",
         "matched, suspended and repeated rows of a file are all its rows and money"),
        ("suspense_says_why", "挂账都写明原因", "every receipt in suspense has the reason that fits"),
        ("resolutions_account_for_their_money", "挂账处理：认领或退款的金额 = 其中每笔到账之和，退款经两人",
         "each resolution of suspense holds exactly its receipts; refunds had two officers"),
        ("revisions_tell_what_they_wrote", "追溯调整：通知各缴费主体的差额 = 入账的差额",
         "what payers were told of a revision is what it wrote"),
        ("late_fees_equal_their_slips", "缴费单的滞纳金 = 单内逐笔滞纳金之和",
         "a slip's late fee is the sum of those of its lines"),
        ("late_fee_is_paid_and_open", "每个单位：已计滞纳金 = 已缴 + 待缴",
         "per payer: late fee asked for = paid + open"),
        ("late_fees_follow_from_their_days", "每笔滞纳金 = 本金 × 各段天数 × 当时的日费率",
         "a late fee is its principal by the days and rates that it names, rounded once"),
        ("claims_equal_their_items", "欠费核定合计 = 其中明细合计",
         "an assessment of arrears is the sum of its lines"),
        ("claims_stand_on_their_slip", "已列入的欠费核定整份在一张有效补缴单上",
         "an assessment that is asked for stands whole on its slip"),
        ("what_is_held_is_open", "待缴的欠费核定里没有已结清的应缴",
         "what an assessment of arrears holds is not settled"),
        ("no_overlapping_enrolments", "同一人同一险种同一月份只参保一次", "nobody is in one scheme twice in a month"),
        ("numbers_lead_to_their_person", "身份证号码和个人编号都唯一指向本人",
         "ID numbers and personal numbers lead to their person"),
    )
)  # fmt: skip

_FROM_THE_FIRST = Month(1900, 1)


def check(*, since: Month | None = None) -> Iterator[Result]:
    """Prove one after the other and yield each result as it is there.

    With `since`, those over months look at that month and later only: fast enough after each deed of a test.
    """
    for invariant in INVARIANTS:
        began = time.monotonic()
        with transaction.atomic():
            sql.run(_SETTINGS["join_by_year"]).close()
            found = sql.rows(
                sql.using({**_MONEY, "exceptions": _SQL[invariant.name]}, _SETTINGS["a_few"]),
                {"since": since or _FROM_THE_FIRST, "shown": _SHOWN},
            )
        count = found[0].pop("exceptions_found") if found else 0
        for row in found[1:]:
            row.pop("exceptions_found")
        yield Result(invariant, count, tuple(found), time.monotonic() - began)


class BooksBroken(Exception):
    """Somebody has to look: the sentence names the invariants that do not hold."""


def prove(*, by: Acting | str) -> list[Result]:
    """Prove all of them and remember what came of it."""
    results = list(check())
    remember(results, by=by)
    return results


@transaction.atomic
def remember(results: Sequence[Result], *, by: Acting | str) -> None:
    """Keep what a proof of all of them found, for the desk."""
    wrong = [result.invariant.name for result in results if not result.holds]
    Proof.objects.create(
        broken=len(wrong),
        results=[
            {
                "name": result.invariant.name,
                "exceptions": result.exceptions,
                "seconds": f"{result.seconds:.2f}",
            }
            for result in results
        ],
        source=ref_of(by),
    )
    audit.record("books.proved", "books", by=by, details={"broken": wrong})


def prove_or_fail(*, by: Acting | str) -> None:
    """For the night: a job that fails is seen on the health page. Raises BooksBroken."""
    wrong = [result.invariant for result in prove(by=by) if not result.holds]
    if wrong:
        raise BooksBroken("; ".join(f"{one.name}: {one.in_english}" for one in wrong))


def last_proof() -> Proof | None:
    """What the last proof found."""
    return Proof.objects.order_by("-id").first()


def named(name: str) -> Invariant | None:
    return next((one for one in INVARIANTS if one.name == name), None)


def broken(*, since: Month | None = None) -> list[Result]:
    """Those that do not hold; an empty list is sound books."""
    return [result for result in check(since=since) if not result.holds]
