"""What is asked of people whom an employer names and the archive may not know yet."""

from django.utils.translation import gettext as _


def name_differs(row, known, case):
    if known.standing.name not in (None, str(row.name)):
        return _("姓名与档案不一致，请核对身份证；确已改名的，请本人到经办机构变更姓名")
