"""险种: the insurances, by their codes in the books."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.TextChoices):
    PENSION = "pension", _("养老保险")
    MEDICAL = "medical", _("医疗保险")
    LARGE_MEDICAL = "large_medical", _("大额医疗保险")
    INJURY = "injury", _("工伤保险")
    UNEMPLOYMENT = "unemployment", _("失业保险")
    MATERNITY = "maternity", _("生育保险")
    RESIDENT_MEDICAL = "resident_medical", _("居民医疗保险")
    STUDENT_MEDICAL = "student_medical", _("大学生医疗保险")


class EmployeeScheme(models.TextChoices):
    """The schemes an employer enrols people in: what its forms offer."""

    PENSION = Scheme.PENSION.value, Scheme.PENSION.label
    MEDICAL = Scheme.MEDICAL.value, Scheme.MEDICAL.label
    LARGE_MEDICAL = Scheme.LARGE_MEDICAL.value, Scheme.LARGE_MEDICAL.label
    INJURY = Scheme.INJURY.value, Scheme.INJURY.label
    UNEMPLOYMENT = Scheme.UNEMPLOYMENT.value, Scheme.UNEMPLOYMENT.label
    MATERNITY = Scheme.MATERNITY.value, Scheme.MATERNITY.label


# What an employer of today enrols its people in. Maternity was merged into medical (policy-dated);
# an employer's own set stands in `Employer.schemes`.
FIVE = (Scheme.PENSION, Scheme.MEDICAL, Scheme.LARGE_MEDICAL, Scheme.INJURY, Scheme.UNEMPLOYMENT)
FLEXIBLE = (Scheme.PENSION, Scheme.MEDICAL, Scheme.LARGE_MEDICAL)
RESIDENT = (Scheme.RESIDENT_MEDICAL, Scheme.STUDENT_MEDICAL)

_PLACES = {code: place for place, code in enumerate(Scheme.values)}


def named(codes: Iterable[str]) -> str:
    """养老保险、医疗保险: these schemes in the reader's language, in the order that people know."""
    return "、".join(str(Scheme(code).label) for code in sorted(codes, key=place))


def place(code: str) -> int:
    """Where a scheme stands in any list of them: as people know the order, 养老、医疗、大额医疗、工伤、失业."""
    return _PLACES[code]
