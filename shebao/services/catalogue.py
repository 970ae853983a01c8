"""The services of this hall, in the order of its menus. One line each."""

from shebao.services import (
    apply_for_trust,
    change_employer,
    change_wages,
    declare_wages,
    deregister_employer,
    enrol_employees,
    make_arrears_slip,
    pause_employees,
    pay_arrears,
    register_employer,
    reissue_certificate,
    take_back_arrears,
    verify_employer,
    write_off_month,
)

SERVICES = (
    enrol_employees.SERVICE,
    pause_employees.SERVICE,
    change_wages.SERVICE,
    declare_wages.SERVICE,
    pay_arrears.SERVICE,
    make_arrears_slip.SERVICE,
    take_back_arrears.SERVICE,
    write_off_month.SERVICE,
    register_employer.SERVICE,
    change_employer.SERVICE,
    verify_employer.SERVICE,
    reissue_certificate.SERVICE,
    deregister_employer.SERVICE,
    apply_for_trust.SERVICE,
)
