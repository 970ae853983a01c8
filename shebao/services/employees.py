"""The employer's own people in services: the list to tick them in, and what is asked of whoever is named."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.service import Offer, Offers, Wanted
from shebao.foundation import masks
from shebao.foundation.months import Month
from shebao.registry import enrolments, people

DECLARATION = lazy("我已与职工本人核对，以上信息真实、完整，材料留存备查")


def offered(case, wanted: Wanted) -> Offers:
    """The employer's people with their wages, to be ticked; each fills in `id_number` and `name`."""
    if wanted.keys:
        standings = people.standings(wanted.keys, since=case.month)
        lines = [
            Offer(
                key=s.id_number,
                shows=(masks.name(s.name), masks.id_number(s.id_number), "", ""),
                fills={"id_number": s.id_number, "name": s.name},
            )
            for s in standings.values()
            if s.with_payer(case.party_id)
        ]
        return Offers(_heads(), tuple(lines))
    after = wanted.at or 0
    page = enrolments.roster(case.party_id, after=after, search=wanted.search, limit=wanted.most)
    lines = tuple(
        Offer(
            key=row["id_number"],
            shows=(
                row["name"],
                masks.id_number(row["id_number"]),
                row["wage"],
                str(Month.of(row["starts"])),
            ),
            fills={"id_number": row["id_number"], "name": row["name"]},
        )
        for row in page
    )
    return Offers(_heads(), lines, after=str(page[-1]["person_id"]) if len(page) == wanted.most else "")


def _heads() -> tuple[str, ...]:
    return (_("姓名"), _("身份证号码"), _("申报工资（元）"), _("本段参保起"))


def not_an_employee(row, known, case):
    if not known.standing.with_payer(case.party_id):
        return _("此人现在不由本单位缴费，不能办理；请核对身份证号码")


def name_differs(row, known, case):
    if known.standing.with_payer(case.party_id) and known.standing.name != str(row.name):
        return _("姓名与档案不一致，请核对身份证")
