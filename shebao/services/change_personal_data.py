"""个人一般信息变更: an employer keeps the general particulars of one of its people up to date (EMP-9)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao import notices
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, note, on
from shebao.foundation.contacts import Phone, Place
from shebao.foundation.identifiers import IdNumber, Mobile
from shebao.foundation.values import PersonName
from shebao.registry import particulars, people
from shebao.registry.particulars import Education, Ethnicity, MaritalState
from shebao.services import employees, photos

_WHO, _ABOUT, _CONTACT = lazy("职工"), lazy("一般信息"), lazy("联系方式和住址")


@dataclass(frozen=True)
class PersonalData:
    """One employee's particulars, as they are to be."""

    id_number: IdNumber = label(lazy("身份证号码"), fixed=True, picked=True, section=_WHO)
    name: PersonName = label(
        lazy("姓名"),
        help=lazy("姓名、性别、出生日期和身份证号码有误的，请本人带身份证到辖区社保处更正"),
        fixed=True,
        picked=True,
        section=_WHO,
    )
    education: Education | None = label(lazy("文化程度"), default=None, section=_ABOUT)
    marital_state: MaritalState | None = label(lazy("婚姻状况"), default=None, section=_ABOUT)
    ethnicity: Ethnicity | None = label(lazy("民族"), help=lazy("与身份证一致"), default=None, section=_ABOUT)
    mobile: Mobile | None = label(
        lazy("联系手机"), help=lazy("本人的手机，变更后会告知本人"), default=None, section=_CONTACT
    )
    phone: Phone | None = label(lazy("联系电话"), example="027-85551234", default=None, section=_CONTACT)
    hukou_place: Place | None = label(
        lazy("户口所在地"), help=lazy("与户口簿一致，写到门牌号"), default=None, section=_CONTACT
    )
    address: Place | None = label(
        lazy("居住地地址"), help=lazy("现在实际居住的地址"), default=None, section=_CONTACT
    )
    new_photo: bool = label(
        lazy("更换相片"), help=lazy("选“是”的，保存后在下一页上传新相片"), default=False, section=_ABOUT
    )


_FIELDS = {
    "education": Education,
    "marital_state": MaritalState,
    "ethnicity": Ethnicity,
    "mobile": Mobile,
    "phone": Phone,
    "hukou_place": Place,
    "address": Place,
}


@dataclass(frozen=True)
class Known:
    present: Mapping[str, str]  # by field, "" where nothing is on file


def known(rows: Sequence[PersonalData], case) -> Mapping[str, Known]:
    numbers = [row.id_number for row in rows]
    there = particulars.on_file(numbers)
    return {number: Known(there.get(number, {})) for number in numbers}


def on_file(case, keys: Collection[str] | None) -> Iterator[Mapping[str, Any]]:
    """The particulars as they are, of those of the employer's people who are asked for; a form is for one."""
    standings = people.standings(keys or (), since=case.month)
    there = particulars.on_file(standings)
    for number, standing in standings.items():
        if not standing.with_payer(case.party_id):
            continue
        filed = there[number]
        yield {"id_number": IdNumber(number), "name": PersonName(standing.name), "new_photo": False} | {
            name: kind(filed[name]) if filed[name] else None for name, kind in _FIELDS.items()
        }


def differing(row: PersonalData, known: Known) -> dict[str, str]:
    """By field, what is to stand there where it isn't what stands there."""
    wanted = {name: _text(getattr(row, name)) for name in _FIELDS}
    return {name: text for name, text in wanted.items() if text != known.present.get(name, "")}


def _text(value: Any) -> str:
    return "" if value is None else str(getattr(value, "value", value))


def nothing_changes(row, known, case):
    if not row.new_photo and not differing(row, known):
        return _("没有任何变动，请先改好要变更的项目")


def mobile_changes(row, known, case):
    if "mobile" in differing(row, known) and known.present.get("mobile"):
        return _("联系手机有变化：系统会告知职工本人；单位填写的号码不能用来自主注册网上账户")


def wants_a_new_photo(row, known, case) -> bool:
    return row.new_photo


def change(rows: Sequence[PersonalData], case) -> None:
    """Amend what differs; what stood there before stays in the archive, and the person is told."""
    people.lock(row.id_number for row in rows)
    ids = people.ids_of(row.id_number for row in rows)
    facts = known(rows, case)
    changes = {row: differing(row, facts[row.id_number]) for row in rows}
    particulars.amend_many(
        [
            particulars.Amendment(ids[row.id_number], fields, case.ref_of(row))
            for row, fields in changes.items()
        ],
        by_name=case.filed_by_name,
    )
    photos.keep(
        case,
        {case.numbers[row.id_number]: ids[row.id_number] for row in rows if row.new_photo},
        by_name=case.filed_by_name,
    )
    notices.later_many(
        "particulars-changed",
        [(f"person:{ids[row.id_number]}", case.ref, {"employer": case.party_name}) for row in rows],
    )


SERVICE = Service(
    code="change-personal-data",
    title=lazy("个人一般信息变更"),
    purpose=lazy("职工的文化程度、婚姻状况、联系方式、住址、相片等有变化"),
    also_called=(
        "换手机号",
        "改手机",
        "手机号",
        "改地址",
        "户口",
        "照片",
        "学历",
        "个人资料",
        "个人信息修改",
        "mobile",
        "address",
        "photo",
        "personal data",
    ),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第七十四条",
    promised_days=1,
    row=PersonalData,
    most_rows=1,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=employees.offered,
    prefill=on_file,
    checks=(
        on("id_number", nothing_changes, rule="EMP-9/1"),
        note("mobile", mobile_changes, rule="EMP-9/2"),
    ),
    materials=(
        Material("职工本人签字确认的变更说明和证明", kept=True),
        photos.wanted(wants_a_new_photo),
    ),
    review=by_grade(Review.AUTOMATIC),
    effect=change,
    people=people.ids_of,
    declaration=employees.DECLARATION,
    group=lazy("信息变更"),
    icon="user-edit",
)
