"""单位一般信息变更: how an employer is reached (EMP-10). Its key data change with the agency's consent (EMP-17).

What the guide of 2011 calls 单位地址 is two things: where the employer is reached (通讯地址, changed here without
a review), and its registered seat (住所, which stands in the licence and on the certificate, changed there).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, on
from shebao.foundation.contacts import Phone, Place, PostCode
from shebao.foundation.identifiers import Uscc
from shebao.foundation.values import Email, PersonName
from shebao.registry import employers, registrations
from shebao.services import own_registration
from shebao.services.own_registration import not_in_business

_UNIT, _CONTACT, _WHERE = lazy("单位"), lazy("联系人"), lazy("电话和地址")


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """How the employer is reached, as it is to be."""

    uscc: Uscc = label(
        lazy("统一社会信用代码"),
        help=lazy("单位名称、法定代表人等重点信息，请办“单位变更登记”"),
        fixed=True,
        section=_UNIT,
    )
    contact_name: PersonName = label(lazy("联系人姓名"), section=_CONTACT)
    contact_phone: Phone = label(lazy("联系人电话"), example="13100000000", section=_CONTACT)
    email: Email | None = label(lazy("邮箱地址"), help=lazy("收业务通知"), default=None, section=_CONTACT)
    phone: Phone | None = label(lazy("单位联系电话"), example="027-85551234", default=None, section=_WHERE)
    fax: Phone | None = label(lazy("传真号码"), example="027-85551235", default=None, section=_WHERE)
    postal_address: Place = label(
        lazy("通讯地址"),
        help=lazy("实际办公、收信的地址，写到门牌号；营业执照上的住所请办“单位变更登记”"),
        section=_WHERE,
    )
    postcode: PostCode | None = label(lazy("邮政编码"), example="430014", default=None, section=_WHERE)


_FIELDS = {
    "contact_name": PersonName,
    "contact_phone": Phone,
    "email": Email,
    "phone": Phone,
    "fax": Phone,
    "postal_address": Place,
    "postcode": PostCode,
}


def on_file(case, keys: Collection[str] | None = None) -> Iterator[Mapping[str, Any]]:
    employer = employers.get(case.party_id)
    if keys is None or employer.uscc in keys:
        there = {name: getattr(employer, name) for name in _FIELDS}
        yield {"uscc": Uscc(employer.uscc)} | {
            name: kind(there[name]) if there[name] else None for name, kind in _FIELDS.items()
        }


def differing(row: Contacts, employer) -> dict[str, str]:
    """By field, what is to stand there where it isn't what stands there."""
    wanted = {name: str(getattr(row, name) or "") for name in _FIELDS}
    return {name: text for name, text in wanted.items() if text != getattr(employer, name)}


def nothing_changes(row, known, case):
    if not differing(row, known.employer):
        return _("没有任何变动，请先改好要变更的项目")


def change(rows: Sequence[Contacts], case) -> None:
    (row,) = rows
    employer = employers.get(case.party_id)
    registrations.amend(
        case.party_id, differing(row, employer), source=case.ref_of(row), by_name=case.filed_by_name
    )


SERVICE = Service(
    code="change-contacts",
    title=lazy("单位一般信息变更"),
    purpose=lazy("联系人、电话、传真、邮箱、邮政编码、通讯地址有变化"),
    also_called=("换联系人", "换电话", "改电话", "通讯地址", "邮箱", "contact", "address", "phone", "email"),
    related=("change-employer",),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第五十七条",
    promised_days=1,
    row=Contacts,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=own_registration.own,
    prefill=on_file,
    checks=(
        on("uscc", not_in_business, rule="ACC-10/1"),
        on("uscc", nothing_changes, rule="EMP-10/1"),
    ),
    materials=(Material("信息变更的证明和说明", kept=True),),
    review=by_grade(Review.AUTOMATIC),
    effect=change,
    declaration=lazy("我代表单位确认，以上联系信息真实、完整"),
    group=lazy("信息变更"),
    icon="phone",
)
