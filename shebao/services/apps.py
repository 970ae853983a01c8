from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "shebao.services"

    def ready(self) -> None:
        from shebao.casework import catalogue as offered
        from shebao.services import catalogue

        offered.declare(catalogue.SERVICES)
