"""单位变更登记: key data of an employer, with the agency's consent (EMP-17). Contact data are EMP-10's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.assessment import runs
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, flag, on
from shebao.foundation import clock
from shebao.foundation.identifiers import Uscc
from shebao.foundation.months import Month
from shebao.foundation.values import PersonName, Text
from shebao.registry import employers, enrolments, offices, registrations
from shebao.registry.industries import IndustryClass
from shebao.registry.models import Employer
from shebao.registry.offices import OfficeCode
from shebao.services import own_registration, registration_forms, windows
from shebao.services.own_registration import OfOwn, not_in_business

CODE = "change-employer"
_UNIT, _CLASS = lazy("登记事项"), lazy("工伤保险行业类别")


@dataclass(frozen=True)
class Change:
    """The registration as it is to be."""

    uscc: Uscc = label(
        lazy("统一社会信用代码"),
        help=lazy("代码不能变更；代码变了就是新单位，请另办参保登记"),
        fixed=True,
        section=_UNIT,
    )
    name: Text = label(lazy("单位名称"), help=lazy("与变更后的营业执照一致"), section=_UNIT)
    organisation: Employer.Organisation = label(lazy("单位类型"), section=_UNIT)
    legal_person: PersonName = label(lazy("法定代表人姓名"), section=_UNIT)
    business: Text = label(lazy("主要经营业务"), section=_UNIT)
    address: Text = label(
        lazy("住所（注册地址）"),
        help=lazy("与变更后的营业执照一致；只是办公或收信的地址变了，请办“单位一般信息变更”"),
        section=_UNIT,
    )
    office: OfficeCode = label(lazy("辖区社保处"), help=lazy("纳税地变到别的区时才改"), section=_UNIT)
    industry: IndustryClass = label(lazy("行业类别"), help=lazy("决定工伤保险费率"), section=_CLASS)
    industry_from: Month | None = label(
        lazy("行业类别从何时起变更"),
        help=lazy("改了行业类别才填"),
        example="2026-12",
        default=None,
        blank=lazy("下月"),
        section=_CLASS,
    )


@dataclass(frozen=True)
class Known(OfOwn):
    industry: int | None
    offices: Mapping[str, str]

    def before(self, field: str) -> str:
        """What the archive has, as people read it."""
        employer = self.own.employer
        if field == "industry":
            return str(IndustryClass(str(self.industry)).label) if self.industry else ""
        if field == "organisation":
            return employer.get_organisation_display()
        if field == "office":
            return self.offices.get(employer.office_id, employer.office_id)
        return getattr(employer, field)

    def after(self, row: Change, field: str) -> str:
        value = getattr(row, field)
        if field == "office":
            return self.offices.get(value, value)
        return str(getattr(value, "label", value))


def known(rows: Sequence[Change], case) -> Mapping[str, Known]:
    industry = employers.injury_class_of(case.party_id, case.month)
    names = offices.names()
    return {key: Known(own, industry, names) for key, own in own_registration.own(rows, case).items()}


def on_file(case, keys=None):
    """The registration as it is, with the class that counts now."""
    industry = employers.injury_class_of(case.party_id, Month.of(clock.today()))
    for filed in own_registration.on_file(case, keys):
        yield filed | {"industry": IndustryClass(str(industry)) if industry else None}


_FIELDS = ("name", "organisation", "legal_person", "business", "address", "office", "industry")


def changed(row: Change, known: Known) -> list[str]:
    return [field for field in _FIELDS if known.after(row, field) != known.before(field)]


def nothing_changed(row, known, case):
    if not changed(row, known):
        return _("登记事项没有任何变动，请先改好要变更的项目")


def class_changes_too_early(row, known, case):
    if "industry" in changed(row, known) and row.industry_from and row.industry_from <= case.month:
        return _("行业类别最早从下月起变更，请改为 %(month)s 或以后") % {"month": case.month.plus(1)}


def class_month_without_change(row, known, case):
    if row.industry_from and "industry" not in changed(row, known):
        return _("行业类别没有变动，不用填从何时起变更；请清空这一项")


def _tells(field: str, label_: Any):
    """A check that shows the officer what would change, from what to what."""

    def becomes(row, known, case):
        if field not in changed(row, known):
            return None
        words = {
            "label": label_,
            "before": known.before(field) or _("（空）"),
            "after": known.after(row, field),
        }
        sentence = _("%(label)s：由“%(before)s”变更为“%(after)s”") % words
        if field == "industry":
            sentence += _("，从 %(month)s 起") % {"month": row.industry_from or case.month.plus(1)}
        return sentence

    return becomes


def change(rows: Sequence[Change], case) -> None:
    """Amend what differs; a new class counts from its month on, also where that month was assessed by now."""
    (row,) = rows
    differing = changed(row, known(rows, case)[row.uscc])
    source = case.ref_of(row)
    plain = {field: getattr(row, field) for field in differing if field != "industry"}
    if "organisation" in plain:
        plain["organisation"] = row.organisation.value
    registrations.amend(case.party_id, plain, source=source, by_name=case.filed_by_name)
    if "industry" in differing:
        starts = row.industry_from or case.month.plus(1)
        registrations.set_injury_class(
            case.party_id,
            int(row.industry.value),
            starts=starts,
            source=source,
            by_name=case.filed_by_name,
        )
        if starts <= clock.this_month():
            ids = enrolments.people_of(case.party_id, since=starts)
            runs.catch_up(ids, since=starts, source=case.ref)


SERVICE = Service(
    code=CODE,
    title=lazy("单位变更登记"),
    purpose=lazy("单位名称、法定代表人、住所、辖区、行业类别等重点信息变更"),
    also_called=(
        "改名",
        "更名",
        "公司名称",
        "换法人",
        "法人变更",
        "搬家",
        "公司搬迁",
        "换地址",
        "rename",
        "legal representative",
        "move",
        "address",
        "company name",
    ),
    related=("change-contacts",),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第五十七条",
    promised_days=15,
    opens=windows.whole_month,
    row=Change,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=known,
    prefill=on_file,
    checks=(
        on("uscc", not_in_business, rule="ACC-10/1"),
        on("name", nothing_changed, rule="EMP-17/10"),
        on("industry_from", class_changes_too_early, rule="EMP-17/12"),
        on("industry_from", class_month_without_change, rule="EMP-17/12"),
        *(
            flag(field, _tells(field, words), rule="EMP-17/13")
            for field, words in (
                ("name", lazy("单位名称")),
                ("organisation", lazy("单位类型")),
                ("legal_person", lazy("法定代表人")),
                ("business", lazy("主要经营业务")),
                ("address", lazy("住所（注册地址）")),
                ("office", lazy("辖区社保处")),
                ("industry", lazy("行业类别")),
            )
        ),
    ),
    materials=(
        Material("变更后的营业执照", must_be_uploaded=True),
        Material("登记机关的变更通知书"),
        Material("新法定代表人身份证（变更法定代表人的）"),
    ),
    review=by_grade(Review.TWO_OFFICERS),
    effect=change,
    printouts=registration_forms.printed("form", "社会保险变更登记表"),
    declaration=own_registration.DECLARATION,
    group=lazy("单位登记"),
    icon="edit",
)
