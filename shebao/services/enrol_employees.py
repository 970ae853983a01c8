"""增员（续保）: an employer enrols new hires, or resumes people whom it or another payer had paused (EMP-1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.assessment import runs
from shebao.assessment.contributions import NoRule, Subject, preview
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Figures, Material, Review, Service, Who, by_grade, flag, note, on
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.values import Day, Mobile, Money, PersonName
from shebao.policy import inforce
from shebao.registry import cards, employers, enrolments, offices, people, schemes
from shebao.registry.schemes import EmployeeScheme, Scheme
from shebao.services import employees, forms, photos, wages, windows
from shebao.services.newcomers import name_differs
from shebao.statements.prints import Head, Kind, Sheet


@dataclass(frozen=True)
class Hire:
    """One line of the roster of new hires (企业参保人员增员表)."""

    id_number: IdNumber = label(
        lazy("身份证号码"),
        help=lazy("18 位，最后一位可以是 X"),
        example="420102199202299993",
        section=lazy("职工身份"),
    )
    name: PersonName = label(
        lazy("姓名"), help=lazy("与身份证一致"), example="李小明", section=lazy("职工身份")
    )
    hired_on: Day = label(
        lazy("用工起始日期"),
        help=lazy("劳动合同的第一天"),
        example="2026-11-02",
        section=lazy("用工与工资"),
    )
    wage: Money = label(
        lazy("月申报工资"),
        help=lazy("合同约定的每月工资总额，元。低于下限或高于上限时按下限或上限计缴"),
        example="6500",
        section=lazy("用工与工资"),
    )
    starts: Month | None = label(
        lazy("缴费起始月"),
        help=lazy("含本月最多往前 3 个月"),
        example="2026-11",
        default=None,
        blank=lazy("用工当月"),
        section=lazy("用工与工资"),
    )
    schemes: tuple[EmployeeScheme, ...] = label(
        lazy("参保险种"),
        help=lazy("须与本单位参保险种一致"),
        default=(),
        blank=lazy("本单位全部险种"),
        section=lazy("参加险种"),
    )
    mobile: Mobile | None = label(
        lazy("手机号码"),
        help=lazy("本人的手机"),
        default=None,
        important=True,
        section=lazy("职工身份"),
    )
    card: bool = label(
        lazy("申领社会保障卡"),
        help=lazy("档案里没有相片的，保存后在下一页上传相片"),
        default=False,
        section=lazy("职工身份"),
    )

    @property
    def first_month(self) -> Month:
        return self.starts or Month.of(self.hired_on)


@dataclass(frozen=True)
class Applicant:
    """What is known of one hire: his standing, and what this employer and this city ask."""

    standing: people.Standing
    own_schemes: frozenset[str]
    today: date
    months_back: int
    too_old_from: Mapping[str, int]  # by sex: the age from which a first enrolment goes over the counter
    too_young_below: int
    floor: Decimal | None
    ceiling: Decimal | None
    days_to_enrol: int
    in_business: bool
    counter: str  # where to go with what can't be done online, and when

    def open_here(self, case) -> bool:
        return bool(self.standing.with_payer(case.party_id))


def applicants(hires: Sequence[Hire], case) -> Mapping[str, Applicant]:
    """One look-up of the archive for the whole roster, and the city's figures once."""
    # The day of filing: whoever filed in time isn't late because papers and officers take until next month.
    today, month = case.filed_on, case.month
    back = int(inforce.value("backdating_months", on=month))
    floor, ceiling = wages.limits(month)
    shared = {
        "own_schemes": frozenset(employers.schemes_of(case.party_id)),
        "in_business": employers.is_active(case.party_id),
        "counter": offices.counter(case.office_code),
        "today": today,
        "months_back": back,
        "too_old_from": {
            sex: int(inforce.value("online_first_enrolment_age_below", on=month, klass=sex))
            for sex in ("M", "F")
        },
        "too_young_below": int(inforce.value("online_first_enrolment_age_from", on=month)),
        "floor": floor,
        "ceiling": ceiling,
        "days_to_enrol": int(inforce.value("enrolment_deadline_days", on=month)),
    }
    found = people.standings([hire.id_number for hire in hires], since=month.plus(-back))
    return {number: Applicant(standing, **shared) for number, standing in found.items()}


def employer_is_suspended_or_closed(hire, known, case):
    if not known.in_business:
        return _("本单位已停办网上业务或已注销，不能增员；请到辖区社保处办理")


def sex_or_birth_date_differs(hire, known, case):
    """The number is well formed, and says something else of the person than the archive does."""
    standing = known.standing
    if standing.name is None or name_differs(hire, known, case):
        return None
    if standing.sex != ("M" if hire.id_number.sex == "男" else "F"):
        return _("性别与档案不一致，请核对身份证；档案有误的，请本人到经办机构更正")
    if standing.birth_date != hire.id_number.birth_date:
        return _("出生日期与档案不一致，请核对身份证；档案有误的，请本人到经办机构更正")
    return None


def too_young_or_old_for_a_first_enrolment(hire, known, case):
    if known.standing.ever_enrolled:
        return None
    born, sex = hire.id_number.birth_date, "M" if hire.id_number.sex == "男" else "F"
    age = hire.hired_on.year - born.year - ((hire.hired_on.month, hire.hired_on.day) < (born.month, born.day))
    if known.too_young_below <= age < known.too_old_from[sex]:
        return None
    return _(
        "首次参保时男满 %(young)s 周岁未满 %(men)s 周岁、女满 %(young)s 周岁未满 %(women)s 周岁的才能网上办理；"
        "请带劳动合同和身份证到辖区社保处办理（%(counter)s）"
    ) % {
        "young": known.too_young_below,
        "men": known.too_old_from["M"],
        "women": known.too_old_from["F"],
        "counter": known.counter,
    }


def enrolled_with_another_employer(hire, known, case):
    # Whoever does not even know the name learns nothing about the person (docs/adr/0007).
    if name_differs(hire, known, case):
        return None
    for period in known.standing.elsewhere(case.party_id, hire.first_month):
        if period.ends is None:
            return _("此人在%(employer)s单位未停保，请先由原单位办理暂停缴费") % {
                "employer": period.payer_name
            }
        return _("此人在%(employer)s单位参保至 %(ends)s，缴费起始月请填 %(next)s") % {
            "employer": period.payer_name,
            "ends": period.ends,
            "next": period.ends.plus(1),
        }


def enrolled_as_flexible_worker(hire, known, case):
    if not name_differs(hire, known, case) and known.standing.flexible(hire.first_month):
        return _("此人在%(office)s个人流动窗口，请本人先办理暂停缴费") % {"office": _("本市")}


def enrolled_as_resident(hire, known, case):
    if name_differs(hire, known, case):
        return None
    for period in known.standing.resident(hire.first_month):
        scheme = _("大学生医保") if period.scheme == Scheme.STUDENT_MEDICAL else _("居民医保")
        return _("此人已参加%(scheme)s，请本人先办理停保") % {"scheme": scheme}


def already_ours(hire, known, case):
    if known.open_here(case):
        return _("该职工已在本单位参保，无需增员")
    ours = [p for p in known.standing.periods if p.payer_id == case.party_id and p.reaches(hire.first_month)]
    if ours:
        last = max(p.ends for p in ours)
        return _("该职工在本单位参保至 %(ends)s，缴费起始月请填 %(next)s") % {
            "ends": last,
            "next": last.plus(1),
        }


def retired_or_dead(hire, known, case):
    if name_differs(hire, known, case):
        return None
    if known.standing.retired_from or known.standing.died_on:
        return _("该人员已办理退休或注销登记，不能增员；有疑问请到辖区社保处查询")


def open_answers(case) -> Mapping[str, Collection[str]]:
    """Nobody is enrolled in anything but what his employer is enrolled in."""
    return {"schemes": employers.schemes_of(case.party_id)}


def schemes_are_not_the_employers(hire, known, case):
    if hire.schemes and {str(s) for s in hire.schemes} != known.own_schemes:
        return _("职工个人所参加险种须与该单位参保险种一致：%(schemes)s") % {
            "schemes": schemes.named(known.own_schemes)
        }


def hired_in_the_future(hire, known, case):
    if Month.of(hire.hired_on) > Month.of(known.today):
        return _("用工起始日期晚于本月，请在用工当月办理")


def starts_before_the_contract(hire, known, case):
    if hire.first_month < Month.of(hire.hired_on):
        return _("缴费起始月早于用工起始日期，请改为 %(month)s 或以后") % {"month": Month.of(hire.hired_on)}


def starts_too_early(hire, known, case):
    earliest = Month.of(known.today).plus(1 - known.months_back)
    if hire.first_month < earliest:
        return _(
            "网上只能从 %(month)s 起缴费（含本月 %(months)s 个月）；"
            "更早的月份请带劳动合同和工资凭证到辖区社保处办理（%(counter)s）"
        ) % {"month": earliest, "months": known.months_back, "counter": known.counter}


def starts_too_late(hire, known, case):
    if hire.first_month > Month.of(known.today).plus(1):
        return _("缴费起始月最晚为下月，请改为 %(month)s 或以前") % {"month": Month.of(known.today).plus(1)}


def belongs_to_a_special_group(hire, known, case):
    if known.standing.special_group and not name_differs(hire, known, case):
        return _("特殊人群（%(group)s）：参保后请到经办机构登记人员类别") % {
            "group": known.standing.special_group
        }


def filed_late(hire, known, case):
    if known.today - hire.hired_on > timedelta(days=known.days_to_enrol):
        return _("超过用工之日起 %(days)s 日，将记为逾期登记") % {"days": known.days_to_enrol}


def needs_a_photo(hire, known, case) -> bool:
    return hire.card and not known.standing.has_photo


def enrol(hires: Sequence[Hire], case) -> None:
    """Open the periods from the start months, and assess at once the months that have already been run."""
    employers.hold(case.party_id)
    people.lock(hire.id_number for hire in hires)
    ids = people.ensure(
        [people.Newcomer(hire.id_number, hire.name, case.ref_of(hire), hire.mobile or "") for hire in hires]
    )
    known = applicants(hires, case)
    own_schemes = employers.schemes_of(case.party_id)
    enrolments.open_many(
        [
            enrolments.Opening(
                person_id=ids[hire.id_number],
                scheme=scheme,
                starts=hire.first_month,
                payer_id=case.party_id,
                source=case.ref_of(hire),
                declared_wage=hire.wage,
                hired_on=hire.hired_on,
                opened_late=bool(filed_late(hire, known[hire.id_number], case)),
            )
            for hire in hires
            for scheme in own_schemes
        ]
    )
    _apply_for_cards([hire for hire in hires if hire.card], ids, case)
    runs.catch_up(list(ids.values()), since=min(hire.first_month for hire in hires), source=case.ref)


def _apply_for_cards(hires: Sequence[Hire], ids: Mapping[str, int], case) -> None:
    """EMP-1/10: the photo is kept, and whoever has no card yet and has not applied for one applies (as in EMP-18)."""
    if not hires:
        return
    numbers = {case.numbers[hire.id_number]: ids[hire.id_number] for hire in hires}
    photos.keep(case, numbers, by_name=case.filed_by_name)
    held = cards.held(numbers.values())
    cards.apply_many(
        [
            cards.Applicant(ids[hire.id_number], case.ref_of(hire), str(hire.mobile or ""))
            for hire in hires
            if ids[hire.id_number] not in held
        ],
        payer_id=case.party_id,
        on=case.filed_on,
    )


def monthly_cost(hires: Sequence[Hire], case) -> Figures | None:
    """The first month of one hire by the rule that will assess it; None while a figure isn't known."""
    (hire,) = hires
    month = hire.first_month
    injury_class = employers.injury_class_of(case.party_id, month) or 0
    subjects = [
        Subject(scheme, declared_wage=hire.wage, injury_class=injury_class)
        for scheme in employers.schemes_of(case.party_id)
    ]
    try:
        found = preview(month, subjects, synthetic=settings.DEMO)
    except NoRule:
        return None
    lines = tuple(
        (
            str(Scheme(line.scheme).label),
            line.employer_part,
            line.personal_part,
            line.employer_part + line.personal_part,
        )
        for line in found
    )
    return Figures.added_up(_("缴费测算"), (_("单位"), _("个人"), _("合计")), lines, _("每月合计"))


def form(case) -> Sheet:
    """企业参保人员增员表, filled in with a case."""
    own = schemes.named(employers.schemes_of(case.party_id))
    return Sheet(
        title="企业参保人员增员表",
        subtitle=forms.month_in_words(case.month),
        facts=forms.facts_of_case(case),
        unit="单位：元",
        heads=(
            Head("序号", Kind.COUNT, width=11),
            Head("姓名", width=24),
            Head("性别", Kind.CODE, width=11),
            Head("身份证号码", Kind.CODE, width=40),
            Head("用工起始日期", Kind.CODE, width=26),
            Head("缴费起始月", Kind.CODE, width=22),
            Head("月申报工资", Kind.MONEY, width=26),
            Head("参保险种", width=58),
            Head("手机号码", Kind.CODE, width=27),
            Head("申领社保卡", Kind.CODE, width=22),
        ),
        lines=(
            (
                number,
                str(hire.name),
                hire.id_number.sex,
                str(hire.id_number),
                hire.hired_on,
                hire.first_month,
                hire.wage,
                schemes.named(hire.schemes) or own,
                str(hire.mobile or ""),
                "是" if hire.card else "否",
            )
            for number, hire in enumerate(forms.rows_of(case), 1)
        ),
        number=case.number,
        stamps=forms.STAMPS,
        landscape=True,
    )


SERVICE = Service(
    code="enrol-employees",
    title=lazy("增员（续保）"),
    purpose=lazy("为新招用的职工办理参保，或为停保的职工续保"),
    also_called=(
        "加人",
        "新员工",
        "入职",
        "新增人员",
        "招聘",
        "招工",
        "上社保",
        "交社保",
        "买社保",
        "新参保",
        "恢复参保",
        "enrol",
        "hire",
        "new employee",
        "resume",
    ),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第五十八条",
    promised_days=1,
    opens=windows.whole_month,
    row=Hire,
    most_rows=50_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=applicants,
    answers=open_answers,
    checks=(
        on("id_number", employer_is_suspended_or_closed, rule="ACC-10/1"),
        on("name", name_differs, rule="EMP-1/1"),
        on("id_number", sex_or_birth_date_differs, rule="EMP-1/1"),
        on("id_number", too_young_or_old_for_a_first_enrolment, rule="EMP-1/2"),
        on("id_number", enrolled_with_another_employer, rule="EMP-1/3"),
        on("id_number", already_ours, rule="EMP-1/3"),
        on("id_number", enrolled_as_flexible_worker, rule="EMP-1/4"),
        on("id_number", enrolled_as_resident, rule="EMP-1/5"),
        on("id_number", retired_or_dead, rule="EMP-1/3"),
        on("schemes", schemes_are_not_the_employers, rule="EMP-1/6"),
        on("hired_on", hired_in_the_future, rule="EMP-1/7"),
        on("starts", starts_before_the_contract, rule="EMP-1/7"),
        on("starts", starts_too_early, rule="EMP-1/7"),
        on("starts", starts_too_late, rule="EMP-1/7"),
        on("wage", wages.wage_is_not_above_zero, rule="EMP-1/8"),
        note("wage", wages.base_is_not_the_wage, rule="EMP-1/8"),
        note("id_number", belongs_to_a_special_group, rule="EMP-1/9"),
        flag("hired_on", filed_late, rule="EMP-1/12"),
    ),
    materials=(
        Material("企业参保人员增员表", waived_for="trusted"),
        Material("劳动合同", waived_for="trusted"),
        photos.wanted(needs_a_photo),
    ),
    review=by_grade(trusted=Review.AUTOMATIC, ordinary=Review.OFFICER),
    preview=monthly_cost,
    printouts=forms.printed("roster", "企业参保人员增员表", form),
    effect=enrol,
    people=people.ids_of,
    declaration=employees.DECLARATION,
    group=lazy("人员增减"),
    icon="user-plus",
    by_machine=True,
)
