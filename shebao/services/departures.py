"""Why somebody leaves an employer (EMP-2), in the words of the forms."""

from django.db import models
from django.utils.translation import gettext_lazy as lazy


class Reason(models.TextChoices):
    RESIGNED = "resigned", lazy("辞职/辞退")
    CONTRACT_ENDED = "contract_ended", lazy("合同终止")
    RETIRED = "retired", lazy("退休")
    DIED = "died", lazy("死亡")
    MOVED = "moved", lazy("调出")
    OTHER = "other", lazy("其他")
