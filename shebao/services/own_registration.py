"""What the services about an employer's own registration share: who it is, and whether it is in business."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.models import Case, State
from shebao.foundation.identifiers import Uscc
from shebao.registry import employers
from shebao.registry.models import Employer

DECLARATION = lazy("以上信息真实、完整，与证照一致；如有虚假，愿承担责任")

# Both services come from the guide of 2011; the order that then founded them has since been repealed whole
# (seen on a public page of laws, koko360.com/law/11644; the repealing order itself was not found).
CERTIFICATE_BASIS = (
    "武汉市社会保险网上办事大厅服务指南（2011年）；《社会保险登记管理暂行办法》"
    "（劳动和社会保障部令第1号，已由人力资源社会保障部令第39号废止）"
)


@dataclass(frozen=True)
class Own:
    """The employer that files, and how many of its cases are being decided, this one left out."""

    employer: Employer
    today: date
    under_way: Mapping[str, int]  # by the code of the service

    @property
    def in_business(self) -> bool:
        return self.employer.state == Employer.State.ACTIVE


@dataclass(frozen=True)
class OfOwn:
    """What a service about the registration knows beside it: `not_in_business` asks either."""

    own: Own

    @property
    def in_business(self) -> bool:
        return self.own.in_business


def own(rows, case) -> Mapping[str, Own]:
    """The one fact of a one-row service about the employer itself."""
    waiting = Case.objects.filter(
        party_kind=case.party_kind, party_id=case.party_id, state=State.SUBMITTED
    ).exclude(pk=case.pk)
    counts: dict[str, int] = {}
    for code in waiting.values_list("service_code", flat=True):
        counts[code] = counts.get(code, 0) + 1
    known = Own(employers.get(case.party_id), case.filed_on, counts)
    return {row.uscc: known for row in rows}


def on_file(case, keys=None) -> Iterator[dict[str, Any]]:
    """What the archive says of the employer, by the names that these services' fields have."""
    employer = employers.get(case.party_id)
    if keys is not None and employer.uscc not in keys:
        return
    yield {
        "uscc": Uscc(employer.uscc),
        "name": employer.name,
        "organisation": Employer.Organisation(employer.organisation) if employer.organisation else None,
        "legal_person": employer.legal_person or None,
        "business": employer.business or None,
        "address": employer.address or None,
        "office": employer.office_id,
    }


def not_in_business(row, known, case):
    if not known.in_business:
        return _("本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理")
