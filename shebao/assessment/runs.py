"""Runs: the books of a month, or of some people's months, brought to what the rule says."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.assessment.contributions import refuse_unruled, rule_for, scope
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, ref_of
from shebao.ledger import dues, revisions
from shebao.ledger.dues import SchemeTotal
from shebao.ledger.models import Run
from shebao.policy import inforce

log = logging.getLogger(__name__)

_SQL = sql.queries("shebao.assessment", "contributions.sql")


@dataclass(frozen=True)
class MonthRun:
    """What a run did: the lines it wrote, and by scheme what the month and the month before hold now, in yuan."""

    run_id: int
    month: Month
    lines: int
    totals: Mapping[str, SchemeTotal]
    before: Mapping[str, SchemeTotal]


def run_month(month: Month, *, by: Acting | str) -> MonthRun:
    """Assess everybody enrolled in the month, post what is missing or has changed, and bill the employers.

    One transaction: all of it or nothing, so a run that was killed is simply run again; run again after it has
    succeeded it writes nothing. Of two at once one gets Unsettled. Also Unsettled: a month that has not begun,
    in which nobody is enrolled, or in which a share that was due last month has vanished. NoRule when a figure is
    not known.
    """
    if month > clock.this_month():
        raise Unsettled(_("%(month)s 还没有到，不能核定") % {"month": month})
    who = ref_of(by)
    run = Run.objects.create(kind="month", month=month, source=who)
    try:
        with transaction.atomic():
            dues.claim_month(month)
            dues.stop_left_over(month, run_id=run.id, now=clock.now())
            lines = _post([month], run.id)
            totals = dues.totals([month.plus(-1), month])
            _refuse_emptiness(month, totals[month])
            _refuse_vanished_shares(month, totals[month.plus(-1)], totals[month])
            _finish(run, Run.State.DONE, lines, totals=totals[month])
            audit.record(
                "ledger.month-run", f"run:{run.id}", by=by, details={"month": str(month), "lines": lines}
            )
    except BaseException as stopped:
        # Known only here that it ended; after a kill the next run of the month says so.
        _finish(run, Run.State.STOPPED, 0, problem=getattr(stopped, "sentence", ""))
        raise
    log.info("run %s of %s wrote %s lines", run.id, month, lines)
    return MonthRun(run.id, month, lines, totals[month], totals[month.plus(-1)])


def revise_month(month: Month, *, source: str) -> int:
    """Bring a month that was run to what is known by now; the lines written. For revisions.py, which sums up.

    Two at once and a kill do no harm, as in `run_month`; raises what that raises, but for an empty month.
    """
    run = Run.objects.create(kind=revisions.KIND, month=month, source=source)
    try:
        with transaction.atomic():
            dues.claim_month(month)
            cut_off = Run.objects.filter(kind=revisions.KIND, month=month, state=Run.State.RUNNING)
            cut_off.exclude(pk=run.id).update(state=Run.State.STOPPED, finished_at=clock.now())
            lines = _post([month], run.id)
            totals = dues.totals([month.plus(-1), month])
            _refuse_vanished_shares(month, totals[month.plus(-1)], totals[month])
            _finish(run, Run.State.DONE, lines, totals=totals[month])
    except BaseException as stopped:
        _finish(run, Run.State.STOPPED, 0, problem=getattr(stopped, "sentence", ""))
        raise
    log.info("run %s of %s for %s wrote %s lines", run.id, month, source, lines)
    return lines


@transaction.atomic
def assess(person_ids: Collection[int], months: Sequence[Month], *, source: str) -> int:
    """Bring these people's months to what the rule says; all schemes and payers. Returns the lines written.

    For the effect of a case, in its transaction, after its periods are written. Raises NoRule, or Unsettled when one of
    the months is being run for everybody and that takes too long.
    """
    if not person_ids or not months:
        return 0
    dues.share_months(months)
    run = Run.objects.create(kind="case", month=max(months), source=source)
    lines = _post(sorted(set(months)), run.id, person_ids)
    if lines:
        _finish(run, Run.State.DONE, lines)
    else:
        run.delete()
    return lines


@transaction.atomic
def catch_up(person_ids: Collection[int], *, since: Month, source: str) -> int:
    """Assess these people at once for the months from `since` on that are over or have already been run.

    The current month counts when it has been run; otherwise its run will find them.
    """
    this_month = clock.this_month()
    months = list(Month.range(since, this_month))
    if not person_ids or not months:
        return 0
    # Held before looking: a run of this month that has not committed yet does not see these people.
    dues.share_months(months)
    last_run = dues.last_run()
    until = max(this_month.plus(-1), last_run or since)
    return assess(person_ids, [month for month in months if month <= until], source=source)


def foresee(month: Month) -> dict[str, SchemeTotal]:
    """By scheme, what the rule asks of everybody in the month, without posting; NoRule when it can't answer."""
    relations, params = rule_for([month]), scope([month])
    refuse_unruled(relations, params)
    return {
        row["scheme"]: SchemeTotal(**row) for row in sql.rows(sql.using(relations, _SQL["totals"]), params)
    }


def _post(months: Sequence[Month], run_id: int, person_ids: Collection[int] | None = None) -> int:
    relations, params = rule_for(months), scope(months)
    params["person_ids"] = None if person_ids is None else sorted(set(person_ids))
    try:
        with transaction.atomic():
            return dues.bring_to(relations, params, run_id=run_id, months=months, person_ids=person_ids)
    except IntegrityError as error:
        # A row without terms, so that looking for such rows costs nothing while all is well.
        refuse_unruled(relations, params)
        raise Unsettled(_("这些人的同一月份刚被另一个核定记账，没有任何变动；请再办理一次")) from error


def _finish(
    run: Run, state: str, lines: int, *, totals: Mapping[str, SchemeTotal] | None = None, problem: str = ""
) -> None:
    held = {
        scheme: {
            "persons": total.persons,
            "employer_part": str(total.employer_part),
            "personal_part": str(total.personal_part),
        }
        for scheme, total in (totals or {}).items()
    }
    Run.objects.filter(id=run.id).update(
        state=state, lines=lines, finished_at=clock.now(), totals=held, problem=problem
    )


def _refuse_emptiness(month: Month, totals: Mapping[str, SchemeTotal]) -> None:
    if not totals:
        raise Unsettled(_("%(month)s 没有任何参保人员，没有核定；请检查参保登记") % {"month": month})


def _refuse_vanished_shares(
    month: Month, before: Mapping[str, SchemeTotal], now: Mapping[str, SchemeTotal]
) -> None:
    """A share that was due last month and is nothing now, though people are enrolled, means that a figure lapsed."""
    for scheme, total in now.items():
        for share, name in (("employer_part", _("单位部分")), ("personal_part", _("个人部分"))):
            if scheme in before and getattr(before[scheme], share) > 0 and getattr(total, share) == 0:
                raise Unsettled(
                    _("%(month)s %(scheme)s%(share)s合计为 0，上月为 %(amount)s 元，没有核定；请检查政策参数")
                    % {
                        "month": month,
                        "scheme": inforce.scheme_name(scheme),
                        "share": name,
                        "amount": f"{getattr(before[scheme], share):,.2f}",
                    }
                )
