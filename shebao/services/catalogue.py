"""The services of this hall, in the order of its menus. One line each."""

from shebao.services import (
    apply_for_trust,
    change_employer,
    change_wages,
    declare_wages,
    deregister_employer,
    enrol_employees,
    pause_employees,
    register_employer,
    reissue_certificate,
    verify_employer,
)

SERVICES = (
    enrol_employees.SERVICE,
    pause_employees.SERVICE,
    change_wages.SERVICE,
    declare_wages.SERVICE,
    register_employer.SERVICE,
    change_employer.SERVICE,
    verify_employer.SERVICE,
    reissue_certificate.SERVICE,
    deregister_employer.SERVICE,
    apply_for_trust.SERVICE,
)
