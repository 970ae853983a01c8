"""The services of this hall, in the order of its menus. One line each."""

from shebao.services import declare_wages, enrol_employees, pause_employees, register_employer

SERVICES = (
    enrol_employees.SERVICE,
    pause_employees.SERVICE,
    declare_wages.SERVICE,
    register_employer.SERVICE,
)
