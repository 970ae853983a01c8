"""The services of this hall, in the order of its menus. One line each."""

from shebao.services import enrol_employees, pause_employees, register_employer

SERVICES = (
    enrol_employees.SERVICE,
    pause_employees.SERVICE,
    register_employer.SERVICE,
)
