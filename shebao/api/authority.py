"""For whom a key acts at this moment, and with which rights."""

from shebao.identity.acting import Acting
from shebao.identity.api_keys import Scope
from shebao.identity.models import ApiKey, Kind, Role
from shebao.registry import employers
from shebao.registry.models import Employer

_ROLES = {Scope.FILE: Role.FILER, Scope.PAY: Role.PAYER}


class Suspended(Exception):
    """The employer may not do business online now."""


def acting_through(key: ApiKey) -> Acting:
    """The employer's own system. Suspended when the employer is, or is closed."""
    employer = employers.get(key.employer_id)
    if employer.state != Employer.State.ACTIVE:
        raise Suspended
    return Acting(
        account_id=key.issued_by,
        account_name=f"接口密钥“{key.name}”",
        kind=Kind.EMPLOYER,
        party_id=employer.id,
        party_name=employer.name,
        roles=frozenset(_ROLES[scope] for scope in key.scopes if scope in _ROLES),
        office_code=employer.office_id,
        grade=employer.grade,
        through=key.ref,
    )
