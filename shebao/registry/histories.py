"""What became of an employer's registration, in words: what it is now, and each change with what stood there before."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.registry import offices
from shebao.registry.models import Employer, EmployerChange

LABELS = {
    "name": lazy("单位名称"),
    "legal_person": lazy("法定代表人"),
    "organisation": lazy("单位类型"),
    "business": lazy("主要经营业务"),
    "address": lazy("住所（注册地址）"),
    "postal_address": lazy("通讯地址"),
    "office": lazy("辖区社保处"),
    "injury_class": lazy("行业类别"),
    "grade": lazy("单位类别"),
    "state": lazy("登记状态"),
    "contact_name": lazy("联系人"),
    "contact_phone": lazy("联系电话"),
    "email": lazy("电子邮箱"),
    "fax": lazy("传真"),
    "postcode": lazy("邮政编码"),
    "phone": lazy("单位电话"),
}


@dataclass(frozen=True)
class Change:
    """One field, in the reader's words."""

    at: datetime
    what: str
    before: str
    after: str
    reason: str
    by: str
    source: str

    @property
    def case(self) -> str:
        """The number of the case by which it came, or ""."""
        kind, _colon, number = self.source.partition("/")[0].partition(":")
        return number if kind == "case" else ""


def of(employer_id: int, *, limit: int = 20, before: int | None = None) -> list[Change]:
    """The changes of an employer, newest first."""
    found = EmployerChange.objects.filter(employer_id=employer_id).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    names = offices.names()
    return [
        Change(
            one.changed_at,
            str(LABELS.get(one.field, one.field)),
            _in_words(one.field, one.before, names),
            _in_words(one.field, one.after, names),
            one.reason,
            one.by_name,
            one.source,
        )
        for one in found[:limit]
    ]


def lost_trust(employer_id: int) -> Change | None:
    """The change by which an employer that is ordinary now lost its trusted standing; None if it never had it."""
    last = EmployerChange.objects.filter(employer_id=employer_id, field="grade").order_by("-id").first()
    if last is None or last.after != Employer.Grade.ORDINARY:
        return None
    return of(employer_id, limit=1, before=last.id + 1)[0]


def _in_words(field: str, value: str, names: dict[str, str]) -> str:
    if field == "injury_class":
        return _classes(value)
    choices = {
        "grade": dict(Employer.Grade.choices),
        "state": dict(Employer.State.choices),
        "organisation": dict(Employer.Organisation.choices),
        "office": names,
    }.get(field, {})
    return str(choices.get(value, value))


def _classes(value: str) -> str:
    """“2026-12 3” stands for class 3 from that month on; more of them where later ones were superseded."""
    told = []
    for one in value.split("、"):
        month, _gap, number = one.rpartition(" ")
        said = _("%(month)s 起 %(number)s 类") if month else _("%(number)s 类")
        told.append(said % {"month": month, "number": number} if number else "")
    return "、".join(told)


def facts(employer: Employer) -> list[tuple[str, object]]:
    """The registration as people read it."""
    return [
        (_("单位编号"), employer.number),
        (_("统一社会信用代码"), employer.uscc),
        (_("单位类型"), employer.get_organisation_display()),
        (_("法定代表人"), employer.legal_person),
        (_("主要经营业务"), employer.business),
        (_("住所（注册地址）"), employer.address),
        (_("通讯地址"), employer.postal_address),
        (_("辖区社保处"), employer.office.name),
        (_("成立日期"), employer.founded_on.isoformat()),
        (_("登记日期"), employer.registered_on.isoformat()),
    ]
