"""单位参保登记: a new employer applies from the public site, without an account (EMP-17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, flag, on
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber, Mobile, Uscc
from shebao.foundation.months import Month
from shebao.foundation.values import Day, Email, PersonName, Text
from shebao.identity import accounts
from shebao.identity.acting import system
from shebao.identity.models import Kind, Role
from shebao.policy import inforce
from shebao.registry import employers, registrations
from shebao.registry.industries import IndustryClass
from shebao.registry.models import Employer
from shebao.registry.offices import OfficeCode
from shebao.services import own_registration, registration_forms, windows

_UNIT, _LEGAL, _CLERK = lazy("单位基本情况"), lazy("法定代表人（负责人）"), lazy("单位经办人")


@dataclass(frozen=True)
class Registration:
    """社会保险登记表 (武社险表1), as far as it is asked today."""

    uscc: Uscc = label(
        lazy("统一社会信用代码"),
        help=lazy("营业执照上的 18 位代码"),
        example="91420102MA4K0X0011",
        section=_UNIT,
    )
    name: Text = label(lazy("单位名称"), help=lazy("与营业执照一致，写全称"), section=_UNIT)
    organisation: Employer.Organisation = label(lazy("单位类型"), section=_UNIT)
    founded_on: Day = label(
        lazy("成立日期"),
        help=lazy("营业执照上的成立日期，或批准成立之日；须在 30 日内登记"),
        example="2026-11-02",
        section=_UNIT,
    )
    office: OfficeCode = label(
        lazy("辖区社保处"), help=lazy("纳税地所在的区；不纳税的单位选住所所在的区"), section=_UNIT
    )
    address: Text = label(lazy("住所（注册地址）"), help=lazy("与营业执照上的住所一致"), section=_UNIT)
    business: Text = label(
        lazy("主要经营业务"), help=lazy("用来核定工伤保险的行业类别"), example="软件开发", section=_UNIT
    )
    industry: IndustryClass = label(
        lazy("行业类别"), help=lazy("决定工伤保险费率，以社保处核定为准"), section=_UNIT
    )
    legal_person: PersonName = label(lazy("法定代表人姓名"), example="沈一鸣", section=_LEGAL)
    legal_person_id: IdNumber = label(
        lazy("法定代表人身份证号码"), example="420102198005150015", section=_LEGAL
    )
    clerk: PersonName = label(
        lazy("经办人姓名"), help=lazy("登记后领取用户名和密码，可再开通其他经办人"), section=_CLERK
    )
    clerk_id: IdNumber = label(lazy("经办人身份证号码"), section=_CLERK)
    clerk_mobile: Mobile = label(lazy("经办人手机号码"), help=lazy("审核时可能联系您"), section=_CLERK)
    email: Email | None = label(
        lazy("电子邮箱"), help=lazy("有消息时发邮件提醒"), default=None, important=True, section=_CLERK
    )


@dataclass(frozen=True)
class Known:
    registered: str  # how an employer of this USCC stands; empty while there is none
    today: date
    days: int | None  # within how many of founding it has to be registered


def known(registrations_: Sequence[Registration], case) -> Mapping[str, Known]:
    """Which of the USCCs are registered, and the law's term."""
    days = inforce.value_or_none("employer_registration_days", on=case.filed_on)
    states = employers.states_of([one.uscc for one in registrations_])
    return {
        one.uscc: Known(states.get(one.uscc, ""), case.filed_on, None if days is None else int(days))
        for one in registrations_
    }


def registered_already(new, known, case):
    if known.registered == Employer.State.CLOSED:
        return _("这个单位登记后又办理了注销，不能网上重新登记；请带营业执照到辖区社保处办理")
    if known.registered:
        return _("这个单位已经办理参保登记，请用单位用户名登录；没有用户名的，请带营业执照到辖区社保处领取")


def founded_in_the_future(new, known, case):
    if new.founded_on > known.today:
        return _("成立日期晚于今天，请对照营业执照核对")


def registered_late(new, known, case):
    if known.days is not None and known.today > new.founded_on + timedelta(days=known.days):
        return _("已超过单位成立之日起 %(days)s 日，将记为逾期登记") % {"days": known.days}


def seated_elsewhere(new, known, case):
    if new.uscc[2:6] != settings.CITY_CODE[:4]:
        return _("统一社会信用代码的登记地不在本市，请核对纳税地是否在本市")


def register(found: Sequence[Registration], case) -> None:
    """Open the employer under the number that the applicant was given, and its first account; no password yet."""
    (new,) = found
    employer = registrations.register(
        registrations.Newcomer(
            id=case.party_id,
            uscc=new.uscc,
            name=new.name,
            office=new.office,
            schemes=tuple(inforce.assessed("employee", on=Month.of(clock.today()))),
            founded_on=new.founded_on,
            injury_class=int(new.industry.value),
            legal_person=new.legal_person,
            organisation=new.organisation.value,
            business=new.business,
            address=new.address,
            contact_name=new.clerk,
            contact_phone=new.clerk_mobile,
            email=new.email or "",
            source=case.ref_of(new),
        )
    )
    accounts.open_many(
        [
            accounts.Opening(
                username=f"dw{employer.number}",
                kind=Kind.EMPLOYER,
                display_name=new.clerk,
                employer_id=employer.id,
                party_name=employer.name,
                grade=employer.grade,
                roles=frozenset({Role.FILER, Role.PAYER, Role.ADMIN}),
                office_code=employer.office_id,
                mobile=new.clerk_mobile,
                email=new.email or "",
            )
        ],
        by=system("registration"),
    )


SERVICE = Service(
    code="register-employer",
    title=lazy("单位参保登记"),
    purpose=lazy("新成立的单位办理社会保险登记，领取用户名和密码"),
    also_called=(
        "新公司",
        "新单位",
        "注册公司",
        "公司注册",
        "开公司",
        "成立公司",
        "开户",
        "社保开户",
        "单位开户",
        "社保登记",
        "创业",
        "register",
        "new company",
        "start a business",
        "open an account",
    ),
    who=(Who.APPLICANT,),
    basis="《中华人民共和国社会保险法》第五十七条",
    promised_days=15,
    opens=windows.filing_days,
    row=Registration,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    party_name="name",
    party_office="office",
    facts=known,
    checks=(
        on("uscc", registered_already, rule="EMP-17/2"),
        on("founded_on", founded_in_the_future, rule="EMP-17/3"),
        flag("founded_on", registered_late, rule="EMP-17/4"),
        flag("uscc", seated_elsewhere, rule="EMP-17/5"),
    ),
    materials=(
        Material("营业执照或批准成立的文件", must_be_uploaded=True),
        Material("法定代表人身份证", must_be_uploaded=True),
        Material("经办人身份证", must_be_uploaded=True),
        Material("社会保险登记表（盖章）"),
        Material("社会保险网上办事承诺书（盖章）"),
        Material("组织机构代码证（营业执照没有统一社会信用代码的）"),
        Material("税务登记证（营业执照没有统一社会信用代码的）"),
    ),
    # Two officers: with an approval a stranger becomes somebody who may enrol people.
    review=by_grade(Review.TWO_OFFICERS),
    effect=register,
    printouts=registration_forms.printed("form", "社会保险登记表"),
    declaration=own_registration.DECLARATION,
    group=lazy("单位登记"),
    icon="building",
)
