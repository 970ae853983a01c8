"""社会保险登记证 as it is printed: what the archive says of the employer on this day."""

from shebao.registry.models import Certificate
from shebao.registry.schemes import Scheme
from shebao.statements import handouts


def pdf(certificate: Certificate) -> bytes:
    employer = certificate.employer
    return handouts.certificate(
        number=certificate.number,
        issued_on=certificate.issued_on,
        facts=[
            ("单位名称", employer.name),
            ("单位编号", employer.number),
            ("统一社会信用代码", employer.uscc),
            ("法定代表人", employer.legal_person),
            ("住所（地址）", employer.address),
            ("参保登记日期", f"{employer.registered_on:%Y-%m-%d}"),
        ],
        schemes=[str(Scheme(one).label) for one in employer.schemes],
        issuer=employer.office.name,
    )
