"""申请 VIP 单位: an employer asks to be reviewed by the system alone; the agency evaluates it (EMP-19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Check, Material, Review, Service, Who, by_grade, flag, note, on
from shebao.foundation import clock
from shebao.foundation.identifiers import Mobile, Uscc
from shebao.foundation.values import PersonName, Text
from shebao.registry import registrations
from shebao.registry.models import Employer
from shebao.services import own_registration, trust, windows
from shebao.services.own_registration import OfOwn, not_in_business

CODE = "apply-for-trust"


@dataclass(frozen=True)
class Application:
    uscc: Uscc = label(lazy("统一社会信用代码"), fixed=True)
    name: Text = label(lazy("单位名称"), fixed=True)
    keeper: PersonName = label(
        lazy("材料保管人"), help=lazy("成为 VIP 单位后材料不用交，由他保管备查"), example="李小明"
    )
    keeper_mobile: Mobile = label(lazy("保管人手机号码"))
    keeps: bool = label(lazy("承诺妥善保存材料，随时接受核查"), help=lazy("不能承诺的，不能成为 VIP 单位"))
    story: Text = label(lazy("申请理由"), help=lazy("例如：网上办理多久、由谁经办、怎样复核"))


@dataclass(frozen=True)
class Known(OfOwn):
    criteria: Mapping[str, trust.Criterion]


def known(rows: Sequence[Application], case) -> Mapping[str, Known]:
    criteria = {one.code: one for one in trust.of(case.party_id, today=case.filed_on)}
    return {key: Known(own, criteria) for key, own in own_registration.own(rows, case).items()}


def trusted_already(row, known, case):
    if known.own.employer.grade == Employer.Grade.TRUSTED:
        return _("本单位已经是 VIP 单位，不用再申请")


def keeps_no_papers(row, known, case):
    if not row.keeps:
        return _("没有承诺保存材料，不能申请；请选“是”，或继续作为普通单位办理")


def _criterion(code: str, rule: str) -> tuple[Check, Check]:
    """Checks that show one criterion: figure, threshold, whether it is met. Only one that isn't is for the officer."""

    def met(row, known, case):
        return known.criteria[code].sentence if known.criteria[code].met else None

    def open_or_missed(row, known, case):
        return None if known.criteria[code].met else known.criteria[code].sentence

    return flag("uscc", open_or_missed, rule=rule), note("uscc", met, rule=rule)


def grant(rows: Sequence[Application], case) -> None:
    """At once; with the figures of this moment on file."""
    (row,) = rows
    today = clock.today()
    criteria = trust.of(case.party_id, today=today)
    trust.remember(case.party_id, criteria, on=today, source=case.ref_of(row))
    registrations.set_grade(
        case.party_id,
        Employer.Grade.TRUSTED.value,
        reason=_("申请并经评估"),
        by_name=case.filed_by_name,
        source=case.ref_of(row),
    )
    trust.tell_of_standing(case.party_id, Employer.Grade.TRUSTED)


SERVICE = Service(
    code=CODE,
    title=lazy("申请 VIP 单位"),
    purpose=lazy("经评估成为 VIP 单位：业务由系统自动审核，材料自己留存备查"),
    also_called=("信用", "免交材料", "自动审核", "优质单位", "trusted", "VIP", "standing"),
    who=(Who.EMPLOYER,),
    basis="《武汉市社会保险网上办事大厅服务指南》：经办机构对参保单位网上办理社保业务的能力及管理水平进行评估",
    promised_days=15,
    opens=windows.whole_month,
    row=Application,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=known,
    prefill=own_registration.on_file,
    checks=(
        on("uscc", not_in_business, rule="ACC-10/1"),
        on("uscc", trusted_already, rule="EMP-19/1"),
        on("keeps", keeps_no_papers, rule="EMP-19/3"),
        *_criterion("registered", "EMP-19/4"),
        *_criterion("on_time", "EMP-19/5"),
        *_criterion("arrears", "EMP-19/6"),
        *_criterion("returned", "EMP-19/7"),
        *_criterion("inspections", "EMP-19/8"),
    ),
    materials=(Material("申请书（盖章）"),),
    # Two officers: whoever is trusted is looked at by nobody any more.
    review=by_grade(Review.TWO_OFFICERS),
    effect=grant,
    declaration=lazy("我代表单位申请 VIP 单位，以上信息真实、完整；如有虚假，愿承担责任"),
    group=lazy("单位登记"),
    icon="star",
)
