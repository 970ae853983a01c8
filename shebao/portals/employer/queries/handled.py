"""已办业务, 批量增员审核结果, 批量减员结果: what the employer filed, and what became of each row."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework import benches, catalogue, failures, handled
from shebao.casework.handled import Sought
from shebao.casework.listing import Asked
from shebao.casework.models import Case, Row
from shebao.exports.sources import Column, Filters, Source
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import states
from shebao.pages.templatetags.jc import moment
from shebao.portals.employer.queries.listing import (
    PAGE_SIZE,
    Cell,
    Filter,
    Head,
    Listing,
    chosen,
    day,
    show,
    text,
)
from shebao.portals.filing import fields

KIND = str(Kind.EMPLOYER)
# The queries users know by these names, and the service whose rows they show.
RESULTS = {
    "enrol": ("enrol-employees", lazy("批量增员审核结果")),
    "pause": ("pause-employees", lazy("批量减员结果")),
}


@acting_for(Kind.EMPLOYER)
def cases(request: HttpRequest, acting: Acting) -> HttpResponse:
    """已办业务: all cases by service, state and day."""
    sought = _sought(request.GET)
    found = handled.cases((KIND, acting.party_id), sought, _asked(request))
    listing = Listing(
        _("已办业务"),
        _("本单位在网上办理过的全部业务，可以按业务、状态和时间查找。"),
        [Head(_("业务名称")), Head(_("办理对象")), Head(_("经办人")), Head(_("保存时间"), "code"),
         Head(_("提交时间"), "code"), Head(_("办结时间"), "code"), Head(_("状态"))],
        [
            [
                Cell(case.service.title, url=reverse("filing:status", args=[case.number]), sub=case.number),
                Cell(case.about or "—"),
                Cell(case.filed_by_name),
                Cell(moment(case.saved_at)),
                Cell(moment(case.submitted_at)),
                Cell(moment(case.closed_at)),
                Cell(state=benches.standing(case)),
            ]
            for case in found.lines
        ],
        (_("没有符合条件的业务"), _("请放宽条件再查；还没有提交的业务在工作台的待办任务里。")),
        [
            Filter("q", _("业务顺序号、姓名或证件号码"), "search", sought.text),
            Filter("service", _("全部业务"), "select", sought.service, _services()),
            Filter("state", _("全部状态"), "select", sought.state, _case_states()),
            *_days(request.GET),
        ],
        next=found.next,
        previous=found.previous,
        export="cases",
    )  # fmt: skip
    return show(request, acting, listing)


@acting_for(Kind.EMPLOYER)
def enrolled(request: HttpRequest, acting: Acting) -> HttpResponse:
    """批量增员审核结果: each row, what became of it, and why."""
    return _results(request, acting, "enrol")


@acting_for(Kind.EMPLOYER)
def paused(request: HttpRequest, acting: Acting) -> HttpResponse:
    """批量减员结果."""
    return _results(request, acting, "pause")


def _results(request: HttpRequest, acting: Acting, which: str) -> HttpResponse:
    code, title = RESULTS[which]
    sought = _sought(request.GET, service=code)
    found = handled.rows((KIND, acting.party_id), sought, _asked(request))
    service = catalogue.service(code)
    # Names and numbers are masked as in the list of the case itself, so nobody's record is shown here.
    listing = Listing(
        str(title),
        _("逐人的审核结果。按身份证号码（可以只输前几位）或姓名查找；被退回的写明原因。"),
        [*(Head(label, "code") for label in fields.who_heads(service)), Head(_("业务顺序号"), "code"),
         Head(_("提交时间"), "code"), Head(_("结果")), Head(_("原因"))],
        [
            [
                *(Cell(one) for one in fields.who(service, row.raw)),
                Cell(row.case.number, url=reverse("filing:status", args=[row.case.number])),
                Cell(moment(row.case.submitted_at)),
                Cell(state=row.state),
                Cell(_why(row) or "—"),
            ]
            for row in found.lines
        ],
        (_("没有符合条件的结果"), _("请核对号码或姓名；还没有提交的名单没有审核结果。")),
        [
            Filter("q", _("身份证号码、姓名或业务顺序号"), "search", sought.text),
            Filter("state", _("全部结果"), "select", sought.state, _row_states()),
            *_days(request.GET),
        ],
        next=found.next,
        previous=found.previous,
        export=f"results-{which}",
    )  # fmt: skip
    return show(request, acting, listing)


def _asked(request: HttpRequest) -> Asked:
    return Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE_SIZE)


def _sought(asked: Mapping[str, str], service: str = "") -> Sought:
    states = _row_states() if service else _case_states()
    return Sought(
        service or chosen(asked, "service", _services()),
        chosen(asked, "state", states),
        text(asked, "q"),
        day(asked, "since"),
        day(asked, "until"),
    )


def _services() -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in catalogue.offered_to(KIND)]


def _case_states() -> list[tuple[str, str]]:
    words = [(one, states.of(one).word) for one in benches.STANDINGS]
    return [(handled.FINISHED, _("结束和已退单")), *words]


def _row_states() -> list[tuple[str, str]]:
    return [(one, states.of(one).word) for one in handled.RESULTS]


def _days(asked: Mapping[str, str]) -> list[Filter]:
    written = {name: found.isoformat() if (found := day(asked, name)) else "" for name in ("since", "until")}
    return [
        Filter("since", _("自"), "date", written["since"]),
        Filter("until", _("至"), "date", written["until"]),
    ]


def _why(row: Row) -> str:
    return row.reason or ("；".join(failures.reasons(row.case, row)) if row.problems else "")


def _case_lines(party_id: int, asked: Filters):
    for case in handled.every_case((KIND, party_id), _sought(asked)):
        yield _case_line(case)


def _case_line(case: Case) -> dict:
    return {
        "number": case.number,
        "service": case.service.title,
        "about": case.about,
        "by": case.filed_by_name,
        "saved_at": case.saved_at,
        "submitted_at": case.submitted_at,
        "closed_at": case.closed_at,
        "state": states.of(benches.standing(case)).word,
        "rows": case.total,
        "reason": case.reason,
    }


def _result_source(which: str) -> Source:
    code, title = RESULTS[which]

    def lines(party_id: int, asked: Filters):
        for row in handled.every_row((KIND, party_id), _sought(asked, service=code)):
            yield {
                "key": fields.key(row.case.service, row.raw),  # masked as on the page: no look to write down
                "name": fields.name(row.case.service, row.raw),
                "case": row.case.number,
                "submitted_at": row.case.submitted_at,
                "state": states.of(row.state).word,
                "reason": _why(row),
            }

    return Source(
        f"results-{which}",
        title,
        (
            Column(lazy("身份证号码"), "key", width=20),
            Column(lazy("姓名"), "name"),
            Column(lazy("业务顺序号"), "case", width=22),
            Column(lazy("提交时间"), "submitted_at", "day", 17),
            Column(lazy("结果"), "state"),
            Column(lazy("原因"), "reason", width=60),
        ),
        lambda party_id, asked: handled.count_rows((KIND, party_id), _sought(asked, service=code)),
        lines,
        filters=("q", "state", "since", "until"),
    )


SOURCES = (
    Source(
        "cases",
        lazy("已办业务"),
        (
            Column(lazy("业务顺序号"), "number", width=22),
            Column(lazy("业务名称"), "service", width=22),
            Column(lazy("办理对象"), "about", width=20),
            Column(lazy("人数"), "rows", "number", 8),
            Column(lazy("经办人"), "by"),
            Column(lazy("保存时间"), "saved_at", "day", 17),
            Column(lazy("提交时间"), "submitted_at", "day", 17),
            Column(lazy("办结时间"), "closed_at", "day", 17),
            Column(lazy("状态"), "state"),
            Column(lazy("回退原因"), "reason", width=50),
        ),
        lambda party_id, asked: handled.count_cases((KIND, party_id), _sought(asked)),
        _case_lines,
        filters=("q", "service", "state", "since", "until"),
    ),
    _result_source("enrol"),
    _result_source("pause"),
)
