"""VIP 评估: the criteria of trusted standing, each with its figure, its threshold and whether it is met (EMP-19).

The city's thresholds are policy values. Where one isn't known the criterion says so and decides nothing: the officer
does, from the figure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.casework import track_record
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, system
from shebao.ledger import arrears, punctuality
from shebao.policy import inforce
from shebao.registry import registrations, verifications
from shebao.registry.models import Employer, Evaluation, Inspection

MONTHS = 12  # that are looked at
_INSPECTED_MONTHS = 24  # that an officer is told of, where the city names none
_REEVALUATION = system("reevaluation").ref
_AT_ONCE = 500


@dataclass(frozen=True)
class Criterion:
    """One of them. `met` is None where the city's threshold isn't known; `remedy` says how one that is missed will be
    met, and from when."""

    code: str
    title: str
    figure: str
    threshold: str
    met: bool | None
    remedy: str = ""

    @property
    def sentence(self) -> str:
        word = {True: _("符合"), False: _("不符合"), None: _("标准未公布，由经办人员判断")}[self.met]
        words = {"title": self.title, "figure": self.figure, "threshold": self.threshold, "word": word}
        if self.threshold:
            return _("%(title)s：%(figure)s（标准：%(threshold)s），%(word)s") % words
        return _("%(title)s：%(figure)s，%(word)s") % words


@dataclass(frozen=True)
class _Thresholds:
    months_registered: Decimal | None
    on_time: Decimal | None
    returned: Decimal | None
    inspection_months: Decimal | None


def evaluate(employer_ids: Collection[int], *, today: date) -> Mapping[int, tuple[Criterion, ...]]:
    """The criteria of each of these employers: a handful of queries for all of them."""
    thresholds = _thresholds(today)
    employers = Employer.objects.in_bulk(list(employer_ids))
    paid = punctuality.of(employers, today=today, months=MONTHS)
    since = clock.beginning_of(verifications.later(today, -MONTHS))
    decided = track_record.decided("employer", employers, since=since)
    looked_back = int(thresholds.inspection_months or _INSPECTED_MONTHS)
    serious = dict(
        Inspection.objects.filter(
            employer_id__in=list(employers),
            outcome=Inspection.Outcome.SERIOUS,
            held_on__gt=verifications.later(today, -looked_back),
        )
        .values_list("employer_id")
        .annotate(last=Max("held_on"))
    )
    return {
        one: (
            _registered(employer, today, thresholds),
            _on_time(paid[one], thresholds),
            _owes(paid[one].owed),
            _returned(*decided.get(one, (0, 0)), thresholds),
            _inspected(serious.get(one), thresholds, looked_back),
        )
        for one, employer in employers.items()
    }


def of(employer_id: int, *, today: date) -> tuple[Criterion, ...]:
    return evaluate([employer_id], today=today)[employer_id]


def meets(criteria: Sequence[Criterion]) -> bool:
    """Whether none of them is known to be missed."""
    return all(one.met is not False for one in criteria)


def _thresholds(today: date) -> _Thresholds:
    names = (
        "trust_months_registered",
        "trust_on_time_share",
        "trust_returned_share",
        "trust_inspection_months",
    )
    return _Thresholds(*(inforce.value_or_none(name, on=today) for name in names))


def _registered(employer: Employer, today: date, thresholds: _Thresholds) -> Criterion:
    months = (today.year - employer.registered_on.year) * 12 + today.month - employer.registered_on.month
    months -= today.day < employer.registered_on.day
    least = thresholds.months_registered
    remedy = ""
    if least is not None and months < least:
        remedy = _("%(day)s 起符合") % {"day": verifications.later(employer.registered_on, int(least))}
    return Criterion(
        "registered",
        _("登记时间"),
        _("%(months)s 个月") % {"months": months},
        "" if least is None else _("满 %(months)s 个月") % {"months": int(least)},
        None if least is None else months >= least,
        remedy,
    )


def _on_time(paid: punctuality.Punctuality, thresholds: _Thresholds) -> Criterion:
    least = thresholds.on_time
    if not paid.billed:
        remedy = _("有了账单并按时缴清以后再申请")
        return Criterion("on_time", _("按时缴费"), _("最近 12 个月没有账单"), "", False, remedy)
    figure = _("最近 %(billed)s 个月中 %(on_time)s 个月按时") % {
        "billed": paid.billed,
        "on_time": paid.on_time,
    }
    if paid.late:
        figure += _("，逾期缴纳：%(months)s") % {"months": "、".join(map(str, paid.late))}
    if paid.unpaid:
        figure += _("，未缴清：%(months)s") % {"months": "、".join(map(str, paid.unpaid))}
    share = Decimal(paid.on_time) / paid.billed
    return Criterion(
        "on_time",
        _("按时缴费"),
        figure,
        "" if least is None else _("不低于 %(share)s") % {"share": _percent(least)},
        None if least is None else share >= least,
        "" if least is None or share >= least else _again_on_time(paid, least),
    )


def _again_on_time(paid: punctuality.Punctuality, least: Decimal) -> str:
    """From which month on enough of the missed ones are longer ago than is looked at, if none is added to them."""
    missed = sorted([*paid.late, *paid.unpaid])
    may_stay = int(MONTHS * (1 - least))
    month = missed[len(missed) - may_stay - 1 if may_stay < len(missed) else 0].plus(MONTHS)
    return _("以后每月按时缴清，%(month)s 的缴款期限过后符合") % {"month": month}


def _owes(owed: Sequence[arrears.OwedMonth]) -> Criterion:
    figure = _("没有欠费")
    if owed:
        amount = sum((one.amount for one in owed), Decimal(0))
        figure = _("欠 %(months)s 个月，共 %(amount)s 元") % {"months": len(owed), "amount": f"{amount:,.2f}"}
    remedy = _("缴清到账后立即符合：职工的欠费先办“单位员工欠费补缴”，再生成补缴单缴款") if owed else ""
    return Criterion("arrears", _("欠费"), figure, _("没有欠费"), not owed, remedy)


def _returned(approved: int, returned: int, thresholds: _Thresholds) -> Criterion:
    most = thresholds.returned
    if not approved + returned:
        figure, remedy = _("最近 12 个月没有办结的业务，无法评估"), _("在网上办结过业务以后再申请")
        return Criterion("returned", _("回退率"), figure, "", False, remedy)
    share = Decimal(returned) / (approved + returned)
    words = {"rows": approved + returned, "returned": returned, "share": _percent(share)}
    return Criterion(
        "returned",
        _("回退率"),
        _("最近 12 个月审核 %(rows)s 行，回退 %(returned)s 行（%(share)s）") % words,
        "" if most is None else _("不超过 %(share)s") % {"share": _percent(most)},
        None if most is None else share <= most,
        ""
        if most is None or share <= most
        else _("提交前照预检结果改好；12 个月以前的回退不再计算，办结的业务多了比例也会下降"),
    )


def _inspected(last: date | None, thresholds: _Thresholds, months: int) -> Criterion:
    figure = _("没有严重问题") if last is None else _("%(day)s 稽核发现严重问题") % {"day": last}
    known = thresholds.inspection_months is not None
    clear = verifications.later(last, months) if last and known else None
    return Criterion(
        "inspections",
        _("稽核"),
        figure,
        _("最近 %(months)s 个月没有严重问题") % {"months": months} if known else "",
        last is None if known else None,
        _("整改好，%(day)s 起不再计算") % {"day": clear} if clear else "",
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.1')).normalize():f}%"


def kept(criteria: Sequence[Criterion]) -> list[dict]:
    """As they stand in an Evaluation."""
    return [
        {"code": c.code, "title": c.title, "figure": c.figure, "threshold": c.threshold, "met": c.met}
        for c in criteria
    ]


@transaction.atomic
def remember(employer_id: int, criteria: Sequence[Criterion], *, on: date, source: str) -> Evaluation:
    return Evaluation.objects.create(
        employer_id=employer_id,
        evaluated_on=on,
        meets=meets(criteria),
        criteria=kept(criteria),
        source=source,
    )


def reevaluate() -> int:
    """复评, once a month: every trusted employer; those that miss a criterion stand on the registry desk's list.

    Harmless a second time on the same day. Answers how many miss something; nobody loses anything by a machine.
    """
    today, missed = clock.today(), 0
    for ids in _trusted():
        done = Evaluation.objects.filter(evaluated_on=today, employer_id__in=ids, source=_REEVALUATION)
        left = set(ids) - set(done.values_list("employer_id", flat=True))
        for employer_id, criteria in evaluate(left, today=today).items():
            remember(employer_id, criteria, on=today, source=_REEVALUATION)
            missed += not meets(criteria)
    audit.record("employers.reevaluated", "timetable", by=system("timetable"), details={"missed": missed})
    return missed


def _trusted() -> Iterator[list[int]]:
    found = Employer.objects.filter(grade=Employer.Grade.TRUSTED, state=Employer.State.ACTIVE).order_by("id")
    last = 0
    while ids := list(found.filter(id__gt=last).values_list("id", flat=True)[:_AT_ONCE]):
        yield ids
        last = ids[-1]


def tell_of_standing(employer_id: int, grade: str, reason: str = "") -> None:
    """Its employer hears of a new standing."""
    code = "trusted-granted" if grade == Employer.Grade.TRUSTED else "trusted-taken-away"
    facts = {} if grade == Employer.Grade.TRUSTED else {"reason": reason}
    notices.later(code, to=f"employer:{employer_id}", about=f"employer:{employer_id}", **facts)


@transaction.atomic
def take_away(employer_id: int, reason: str, *, by: Acting) -> None:
    """取消 VIP 单位: from now on officers decide on its cases. Unsettled without a reason, or when it isn't trusted."""
    if not reason.strip():
        raise Unsettled(_("请写明原因，单位会看到"))
    changed = registrations.set_grade(
        employer_id,
        Employer.Grade.ORDINARY.value,
        reason=reason.strip(),
        by_name=by.in_words,
        source=by.ref,
    )
    if not changed:
        raise Unsettled(_("这个单位现在不是 VIP 单位，请刷新页面核对"))
    tell_of_standing(employer_id, Employer.Grade.ORDINARY, reason.strip())
    details = {"reason": reason.strip()}
    audit.record("employer.trust-taken-away", f"employer:{employer_id}", by=by, details=details)
