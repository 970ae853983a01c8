"""单位信息: what is registered of the employer itself."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages.screens import page
from shebao.portals.employer import registration
from shebao.registry import employers, registrations, schemes
from shebao.registry.models import InjuryClass


@acting_for(Kind.EMPLOYER)
def own(request: HttpRequest, acting: Acting) -> HttpResponse:
    employer = employers.get(acting.party_id)
    return page(
        request,
        "queries/own.html",
        acting=acting,
        employer=employer,
        facts=[
            (_("单位编号"), employer.number),
            (_("统一社会信用代码"), employer.uscc),
            (_("单位名称"), employer.name),
            (_("单位类别"), employer.get_grade_display()),
            (_("参保状态"), employer.get_state_display()),
            (_("辖区经办机构"), employer.office.name),
            (_("住所（注册地址）"), employer.address),
            (_("成立日期"), employer.founded_on and employer.founded_on.isoformat()),
            (_("参保登记日期"), employer.registered_on and employer.registered_on.isoformat()),
        ],
        contact=[
            (_("联系人"), employer.contact_name),
            (_("联系电话"), employer.contact_phone),
            (_("电子邮箱"), employer.email),
            (_("通讯地址"), employer.postal_address),
        ],
        schemes=[(_("职工应参加的险种"), schemes.named(employer.schemes))],
        changes=registration.changes_of(acting, employer.id),
        certificate=registrations.certificate_of(employer),
        classes=list(InjuryClass.objects.filter(employer_id=employer.id).order_by("-starts")),
    )
