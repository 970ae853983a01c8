"""The desk: the month, the files, the money in suspense, the proof of the books."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao.assessment import orders, revisions
from shebao.backoffice.ledger_desk import files, suspense
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.ledger import invariants, month_runs, receipt_lines, receipts, slips
from shebao.ledger import revisions as books
from shebao.ledger.models import ReceiptFile, Run
from shebao.ledger.month_runs import MonthRun
from shebao.pages.screens import page
from shebao.registry.schemes import Scheme

MONTHS_TO_RUN = 12
FILES_SHOWN, RUNS_SHOWN = 8, 6


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def desk(request: HttpRequest, acting: Acting) -> HttpResponse:
    return _show(request, acting)


def _show(
    request: HttpRequest, acting: Acting, wrongs: Sequence[tuple[str, str, str]] = (), status: int = 200
) -> HttpResponse:
    """The whole desk; with `wrongs` when a form was sent that could not be taken."""
    month = _month(request.GET.get("month")) or clock.this_month()
    run, before = month_runs.last_done(month), month_runs.last_done(month.plus(-1))
    return page(
        request,
        "ledger/desk.html",
        acting=acting,
        status=status,
        wrongs=list(wrongs),
        month=month,
        months=[(str(one), _words(one)) for one in _to_run()],
        facts=_facts(month, run, held := receipts.suspense_totals()),
        run=_progress(month),
        run_url=reverse("backoffice:ledger-run"),
        runs=[_listed(one) for one in month_runs.listed(limit=RUNS_SHOWN)],
        schemes=_schemes(run, before),
        revise_from=[(str(one), _words(one)) for one in _to_revise()],
        revise_first=str(Month(clock.this_month().year, 1)),
        revisions=books.listed(),
        receipts_url=reverse("backoffice:ledger-receipts"),
        files=[files.listed(one) for one in receipts.files(limit=FILES_SHOWN)],
        **_checks(),
        **suspense.shown(request, held),
    )


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def run(request: HttpRequest, acting: Acting) -> HttpResponse:
    """运行核定: a worker runs the month; the desk shows how it goes."""
    month = _month(request.POST.get("month"))
    if month not in _to_run():
        raise Http404
    if not orders.order(month, by=acting):
        messages.warning(request, _("%(month)s 正在核定，请等它完成") % {"month": month})
    return redirect(f"{reverse('backoffice:ledger')}?month={month}#run")


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def hand_in(request: HttpRequest, acting: Acting) -> HttpResponse:
    """收文件并匹配: the file is kept at once, a worker takes it in."""
    upload = request.FILES.get("file")
    if upload is None:
        wrong = _("还没有选择文件，请选择银行或税务的到账文件")
    elif upload.size > receipt_lines.MOST_BYTES:
        wrong = _("文件超过 %(most)s MB，请分成几个文件") % {"most": receipt_lines.MOST_BYTES // 2**20}
    elif upload.size == 0:
        wrong = _("这个文件是空的，请重新导出")
    else:
        file = receipts.hand_in(upload.read(), upload.name, by=acting)
        if file.state == ReceiptFile.State.DONE:
            messages.warning(request, _("这份文件已经入过账，没有重复入账"))
        return redirect("backoffice:ledger-file", file_id=file.id)
    return _show(request, acting, [("id_file", _("到账文件"), wrong)], status=422)


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def revise(request: HttpRequest, acting: Acting) -> HttpResponse:
    """追溯调整: a worker brings the months that were run to figures announced later, and tells the payers."""
    month = _month(request.POST.get("since"))
    if month not in _to_revise():
        raise Http404
    try:
        revisions.order(month, by=acting)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, _("已开始追溯调整，完成后通知各单位和灵活就业人员"))
    return redirect(f"{reverse('backoffice:ledger')}#lv")


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def progress(request: HttpRequest, acting: Acting, month: str) -> HttpResponse:
    """How the run of a month goes, for the desk that asks every two seconds."""
    wanted = _month(month)
    if wanted is None:
        raise Http404
    return page(request, "ledger/run_part.html", acting=acting, month=wanted, run=_progress(wanted))


def _month(text: str | None) -> Month | None:
    return Month.parse(text, default=None)


def _to_run() -> list[Month]:
    this_month = clock.this_month()
    return [this_month.plus(-back) for back in range(MONTHS_TO_RUN)]


def _to_revise() -> list[Month]:
    """This year's months and last year's: by then every city has announced its figures."""
    this_month = clock.this_month()
    return list(Month.range(Month(this_month.year - 1, 1), this_month))


def _words(month: Month) -> str:
    return _("%(year)s 年 %(month)s 月") % {"year": month.year, "month": month.month}


def _progress(month: Month) -> dict | None:
    """The month's run as `ledger/run_part.html` shows it."""
    poll = reverse("backoffice:ledger-progress", args=[month])
    last = month_runs.last(month)
    if orders.is_ordered(month) or (last and last.alive):
        return {"state": "running", "poll": poll}
    return last and _listed(last)


def _listed(one: MonthRun) -> dict:
    problem = ""
    if one.state == Run.State.STOPPED:
        problem = one.problem or _("没有完成，请再运行一次")
    elif one.state == Run.State.RUNNING and not one.alive:
        problem = _("运行中断了，账上没有任何改动；请再运行一次")
    return {
        "month": one.month,
        "state": "running" if one.alive else "refused" if problem else "done",
        "started": one.started_at,
        "people": one.persons,
        "lines": one.lines,
        "seconds": "" if one.seconds is None else f"{one.seconds:.1f}",
        "problem": problem,
    }


def _facts(month: Month, run: MonthRun | None, held: Mapping[str, tuple[int, Decimal]]) -> list[tuple]:
    """At most four figures for the dark strip, each found without reading a month's dues."""
    came = receipts.matched_between(month.first_day, month.last_day)
    waiting = slips.waiting()
    return [
        (_("本月应缴"), run.amount if run else _("还没有核定"), _people(run.persons) if run else ""),
        (_("本月到账"), came.amount, _("%(count)s 笔") % {"count": came.count}),
        (_("待缴的缴费单"), waiting.amount, _("%(count)s 张") % {"count": waiting.count}),
        (
            _("挂账"),
            sum((amount for _count, amount in held.values()), Decimal("0.00")),
            _("%(count)s 笔") % {"count": sum(count for count, _amount in held.values())},
        ),
    ]


def _people(count: int) -> str:
    return _("%(count)s 人") % {"count": f"{count:,}"}


def _schemes(run: MonthRun | None, before: MonthRun | None) -> list[tuple]:
    last = {total.scheme: total.amount for total in before.totals} if before else {}
    return [
        (
            Scheme(total.scheme).label,
            total.persons,
            total.employer_part,
            total.personal_part,
            total.amount,
            _change(total.amount, last.get(total.scheme)),
        )
        for total in (run.totals if run else ())
    ]


def _change(now: Decimal, before: Decimal | None) -> str:
    return f"{(now - before) / before * 100:+.1f}%" if before else ""


def _checks() -> dict:
    proof = invariants.last_proof()
    if proof is None:
        return {"checks": []}
    return {
        "checks": [
            (known.sentence, one["exceptions"] == 0, one["exceptions"])
            for one in proof.results
            if (known := invariants.named(one["name"]))
        ],
        "checked_at": proof.proved_at,
    }
