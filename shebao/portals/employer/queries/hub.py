"""The front page of 综合查询."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import navigation
from shebao.pages.screens import page

# Group → icon, label, what one finds there, address; what doesn't exist (yet) isn't shown.
GROUPS = (
    (
        _("业务"),
        (
            ("clipboard-list", _("已办业务"), _("全部业务，按业务、状态和时间查"), "employer:query-cases"),
            ("user-plus", _("批量增员审核结果"), _("逐人查通过还是回退，为什么"), "employer:query-enrolled"),
            ("user-minus", _("批量减员结果"), _("逐人查减员是否生效"), "employer:query-paused"),
        ),
    ),
    (
        _("职工"),
        (
            ("users", _("参保人员花名册"), _("任何一个月的在册职工、基数和险种"), "employer:roster"),
            (
                "users-group",
                _("单位增减员异动表"),
                _("一个月里谁来谁走、谁的工资变了，可打印"),
                "employer:changes",
            ),
            (
                "file-certificate",
                _("单位缴费对账单"),
                _("一段时间里本单位为每个职工缴了多少，签名 PDF，可供他人核验"),
                "employer:statements",
            ),
        ),
    ),
    (
        _("缴费"),
        (
            ("receipt", _("月度账单"), _("每个人每个险种，怎么算的"), "employer:bills"),
            ("alert-circle", _("单位欠费"), _("按职工、按月份、按险种"), "employer:query-arrears"),
            ("history", _("缴费历史"), _("到账、挂账和缴费单"), "employer:query-payments"),
            ("calendar", _("缴费日历"), _("全年什么时候该做什么、缴多少"), "employer:query-calendar"),
        ),
    ),
    (
        _("单位"),
        (
            ("certificate", _("单位登记"), _("登记证、验证、变更"), "employer:registration"),
            ("building", _("单位信息"), _("登记资料、险种、工伤行业类别"), "employer:query-own"),
            ("table-export", _("导出文件"), _("已经导出的表，和生成进度"), "employer:exports"),
        ),
    ),
)


@acting_for(Kind.EMPLOYER)
def hub(request: HttpRequest, acting: Acting) -> HttpResponse:
    groups = [
        (title, [(*entry[:3], url) for entry in entries if (url := navigation.address(entry[3]))])
        for title, entries in GROUPS
    ]
    return page(request, "queries/hub.html", acting=acting, groups=[one for one in groups if one[1]])
