from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "shebao.portals"

    def ready(self) -> None:
        from shebao.exports import sources
        from shebao.portals.employer import people
        from shebao.portals.employer.queries import bill_lines, debts, handled, payments

        for module in (people, bill_lines, debts, handled, payments):
            sources.declare(module.SOURCES)
