"""个人工资变更: an employer declares another wage for people it insures; the base follows from next month (EMP-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.assessment import runs
from shebao.assessment.contributions import NoRule, Subject, preview
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import (
    Figures,
    Material,
    Review,
    Service,
    Who,
    by_grade,
    note,
    on,
)
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.values import Money, PersonName
from shebao.registry import employers, enrolments, people
from shebao.registry.schemes import Scheme
from shebao.services import employees, wages

CONFIRMATION = "职工本人确认书"


class Reason(models.TextChoices):
    ADJUSTED = "adjusted", lazy("工资调整")
    POST = "post", lazy("岗位变动")
    HOURS = "hours", lazy("工时变化")
    CORRECTED = "corrected", lazy("原申报有误")
    OTHER = "other", lazy("其他")


@dataclass(frozen=True)
class NewWage:
    """One line of the roster of wage changes."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102199202299993", picked=True)
    name: PersonName = label(lazy("姓名"), example="李小明", picked=True)
    wage: Money = label(
        lazy("变更后月申报工资"),
        help=lazy("每月工资总额，元。勾选多人的，都改为这个工资；各人不同的，请用 Excel 批量办理"),
        example="7200",
    )
    reason: Reason = label(lazy("变更原因"), help=lazy("从下月起按新工资计缴，每人每月只能变更一次"))


@dataclass(frozen=True)
class Known:
    standing: people.Standing
    starts: Month  # the month from which the new wage counts
    floor: Decimal | None
    ceiling: Decimal | None

    def counting(self, case) -> tuple[people.Period, ...]:
        """The periods with this employer that the new wage would take over: those of the month it counts from."""
        mine = (p for p in self.standing.periods if p.payer_id == case.party_id)
        return tuple(p for p in mine if p.starts <= self.starts and p.reaches(self.starts))

    def present(self, case) -> Decimal | None:
        """The wage that would count then, yuan a month; None for somebody who isn't here."""
        return max((p.wage for p in self.counting(case) if p.wage is not None), default=None)

    def begins_then(self, case) -> bool:
        return any(p.starts == self.starts for p in self.counting(case))


def known(changes: Sequence[NewWage], case) -> Mapping[str, Known]:
    """One look-up of the archive for the whole roster, and the limits of the next month once."""
    starts = case.month.plus(1)
    floor, ceiling = wages.limits(starts)
    found = people.standings([change.id_number for change in changes], since=case.month)
    return {number: Known(standing, starts, floor, ceiling) for number, standing in found.items()}


def changed_this_month_already(change, known, case):
    before = known.starts.plus(-1)
    followed = any(p.payer_id == case.party_id and p.ends == before for p in known.standing.periods)
    if known.begins_then(case) and followed:
        return _(
            "本月已为该职工变更过工资（自 %(month)s 起 %(wage)s 元），每人每月只能变更一次，请下月再办"
        ) % {
            "month": known.starts,
            "wage": f"{known.present(case):,.2f}",
        }


def starts_later(change, known, case):
    if changed_this_month_already(change, known, case):
        return None
    here = known.standing.with_payer(case.party_id)
    if here and (known.begins_then(case) or not known.counting(case)):
        return _("该职工的参保从下月才开始，工资以增员时申报的为准；确有错误请到辖区社保处更正")


def nothing_changes(change, known, case):
    if change.wage == known.present(case):
        return _("与现申报工资 %(wage)s 元相同，无需变更") % {"wage": f"{change.wage:,.2f}"}


def goes_down(change, known, case):
    present = known.present(case)
    if present is not None and change.wage < present:
        return _("比现申报工资 %(wage)s 元少，须有职工本人签字的确认书") % {"wage": f"{present:,.2f}"}


def far_from_the_present(change, known, case):
    return wages.far_off(change.wage, known.present(case))


def needs_confirmation(change, known, case) -> bool:
    return bool(goes_down(change, known, case))


def declare(changes: Sequence[NewWage], case) -> None:
    """From the month after filing on the new wage counts; months that were run before the decision get differences."""
    people.lock(change.id_number for change in changes)
    ids = people.ids_of(change.id_number for change in changes)
    starts = case.month.plus(1)
    enrolments.change_wages(
        [enrolments.NewWage(ids[change.id_number], change.wage, case.ref_of(change)) for change in changes],
        case.party_id,
        starts=starts,
    )
    runs.catch_up(list(ids.values()), since=starts, source=case.ref)


def monthly_cost(changes: Sequence[NewWage], case) -> Figures | None:
    """What a month costs with the wages as they are and as they will be; None while a figure isn't known."""
    month = case.month.plus(1)
    facts = known(changes, case)
    injury_class = employers.injury_class_of(case.party_id, month) or 0
    schemes = employers.schemes_of(case.party_id)
    pairs = [(facts[change.id_number].present(case), change.wage) for change in changes]
    if any(present is None for present, _new in pairs):
        return None
    subjects = [
        Subject(scheme, declared_wage=pair[when], injury_class=injury_class)
        for when in (0, 1)
        for pair in pairs
        for scheme in schemes
    ]
    try:
        found = preview(month, subjects, synthetic=settings.DEMO)
    except NoRule:
        return None
    before, after = found[: len(found) // 2], found[len(found) // 2 :]
    lines = []
    for scheme in schemes:
        old = [line.employer_part + line.personal_part for line in before if line.scheme == scheme]
        own = [line.personal_part for line in after if line.scheme == scheme]
        new = [line.employer_part + line.personal_part for line in after if line.scheme == scheme]
        then, now, personal = (sum(amounts, Decimal(0)) for amounts in (old, new, own))
        lines.append((str(Scheme(scheme).label), then, now, now - then, personal))
    heads = (_("变更前"), _("变更后"), _("相差"), _("变更后个人部分"))
    title = _("每月缴费，自 %(month)s 起") % {"month": month}
    return Figures.added_up(title, heads, lines, _("每月合计"))


SERVICE = Service(
    code="change-wages",
    title=lazy("个人工资变更"),
    purpose=lazy("职工工资有变化，从下月起按新工资核定缴费基数"),
    also_called=(
        "工资",
        "调工资",
        "涨工资",
        "加薪",
        "降薪",
        "改工资",
        "改基数",
        "缴费基数",
        "wage",
        "salary",
        "raise",
        "contribution base",
    ),
    related=("declare-wages",),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第六十条",
    promised_days=1,
    row=NewWage,
    most_rows=50_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=employees.offered,
    checks=(
        on("id_number", employees.not_an_employee, rule="EMP-4/1"),
        on("name", employees.name_differs, rule="EMP-4/1"),
        on("wage", wages.wage_is_not_above_zero, rule="EMP-1/8"),
        note("wage", wages.base_is_not_the_wage, rule="EMP-1/8"),
        on("id_number", starts_later, rule="EMP-4/2"),
        on("id_number", changed_this_month_already, rule="EMP-4/3"),
        on("wage", nothing_changes, rule="EMP-4/2"),
        note("wage", goes_down, rule="EMP-4/4"),
        note("wage", far_from_the_present, rule="hint/far-off"),
    ),
    materials=(
        Material("工资单或其他收入证明", kept=True),
        Material(CONFIRMATION, per_row=True, must_be_uploaded=True, asked_of=needs_confirmation),
    ),
    review=by_grade(Review.AUTOMATIC),
    preview=monthly_cost,
    previews=200,
    effect=declare,
    people=people.ids_of,
    by_machine=True,
    declaration=employees.DECLARATION,
    group=lazy("工资申报"),
    icon="coin-yuan",
)
