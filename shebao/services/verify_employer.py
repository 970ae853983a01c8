"""社会保险登记验证: once a year an employer confirms what the archive says of it (EMP-17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Service, Who, by_grade, note, on
from shebao.foundation import clock
from shebao.foundation.identifiers import Uscc
from shebao.foundation.values import PersonName, Text
from shebao.registry import registrations, verifications
from shebao.services import own_registration, registration_forms
from shebao.services.own_registration import OfOwn, not_in_business

CODE = "verify-employer"


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    uscc: Uscc = label(lazy("统一社会信用代码"), fixed=True)
    name: Text = label(lazy("单位名称"), fixed=True)
    legal_person: PersonName | None = label(lazy("法定代表人姓名"), fixed=True, default=None)
    address: Text | None = label(lazy("住所（注册地址）"), fixed=True, default=None)
    same: bool = label(lazy("以上信息与营业执照一致"), help=lazy("不一致的，请先办理单位变更登记，再来验证"))
    headcount: int = label(
        lazy("现有职工人数"), help=lazy("与本单位建立劳动关系的全部职工，含没有参保的"), example="12"
    )


@dataclass(frozen=True)
class Known(OfOwn):
    last: date | None
    due: date | None
    enrolled: int


def known(rows: Sequence[Confirmation], case) -> Mapping[str, Known]:
    standing = verifications.of([case.party_id]).get(case.party_id)
    enrolled = verifications.enrolled(case.party_id)
    return {
        key: Known(own, standing and standing.last, standing and standing.due, enrolled)
        for key, own in own_registration.own(rows, case).items()
    }


def data_have_changed(row, known, case):
    if not row.same:
        return _("登记信息有变化的，请先办理单位变更登记，办结后再来验证")


def verified_this_year(row, known, case):
    if known.last and known.last.year == known.own.today.year:
        return _("今年已于 %(last)s 验证，不用再办；下次请在 %(due)s 前") % {
            "last": known.last,
            "due": known.due or "—",
        }


def headcount_below_zero(row, known, case):
    if row.headcount < 0:
        return _("职工人数不能小于 0")


def some_are_not_enrolled(row, known, case):
    if row.headcount > known.enrolled:
        return _("填报职工 %(headcount)s 人，参保 %(enrolled)s 人：没有参保的职工请尽快办理增员") % {
            "headcount": row.headcount,
            "enrolled": known.enrolled,
        }


def confirm(rows: Sequence[Confirmation], case) -> None:
    (row,) = rows
    registrations.verify(case.party_id, on=clock.today(), source=case.ref_of(row))


SERVICE = Service(
    code=CODE,
    title=lazy("社会保险登记验证"),
    purpose=lazy("每年核对一次登记信息，并上传营业执照"),
    also_called=("年检", "年审", "年度验证", "annual verification", "verify", "inspection"),
    who=(Who.EMPLOYER,),
    basis=own_registration.CERTIFICATE_BASIS,
    promised_days=10,
    row=Confirmation,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=known,
    prefill=own_registration.on_file,
    checks=(
        on("uscc", not_in_business, rule="ACC-10/1"),
        on("same", data_have_changed, rule="EMP-17/30", leads_to=("change-employer",)),
        on("uscc", verified_this_year, rule="EMP-17/31"),
        on("headcount", headcount_below_zero, rule="EMP-17/32"),
        note("headcount", some_are_not_enrolled, rule="EMP-17/33"),
    ),
    materials=(Material("营业执照", must_be_uploaded=True),),
    review=by_grade(),
    effect=confirm,
    printouts=registration_forms.printed("form", "社会保险登记验证表"),
    declaration=own_registration.DECLARATION,
    group=lazy("单位登记"),
    icon="calendar-check",
)
