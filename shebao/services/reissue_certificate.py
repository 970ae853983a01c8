"""社会保险登记证补证: the certificate is lost or spoiled; a new number is given, the old one is void (EMP-17)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Service, Who, by_grade, on
from shebao.foundation.identifiers import Uscc
from shebao.foundation.values import Text
from shebao.registry import employers, registrations
from shebao.services import own_registration, windows
from shebao.services.own_registration import not_in_business

CODE = "reissue-certificate"


class Reason(models.TextChoices):
    LOST = "lost", lazy("遗失")
    SPOILED = "spoiled", lazy("损毁")


@dataclass(frozen=True)
class Loss:
    uscc: Uscc = label(lazy("统一社会信用代码"), fixed=True)
    name: Text = label(lazy("单位名称"), fixed=True)
    reason: Reason = label(lazy("补证原因"))
    story: Text = label(lazy("情况说明"), help=lazy("何时、怎样遗失或损毁"))


def reissue(rows: Sequence[Loss], case) -> None:
    (row,) = rows
    registrations.issue_certificate(
        employers.get(case.party_id), source=case.ref_of(row), reason=str(row.reason.label)
    )


SERVICE = Service(
    code=CODE,
    title=lazy("社会保险登记证补证"),
    purpose=lazy("登记证遗失或损毁，补发新证，旧证作废"),
    also_called=("补证", "登记证丢了", "登记证遗失", "certificate", "lost", "reissue", "duplicate"),
    who=(Who.EMPLOYER,),
    basis=own_registration.CERTIFICATE_BASIS,
    promised_days=5,
    opens=windows.whole_month,
    row=Loss,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=own_registration.own,
    prefill=own_registration.on_file,
    checks=(on("uscc", not_in_business, rule="ACC-10/1"),),
    materials=(Material("情况说明（盖章）"), Material("损毁的登记证（损毁的）")),
    review=by_grade(),
    effect=reissue,
    declaration=own_registration.DECLARATION,
    group=lazy("单位登记"),
    icon="certificate",
)
