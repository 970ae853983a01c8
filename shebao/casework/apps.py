from django.apps import AppConfig
from django.core import checks


class CaseworkConfig(AppConfig):
    name = "shebao.casework"
    label = "casework"

    def ready(self):
        from shebao.casework import catalogue, declarations

        @checks.register("casework")
        def declarations_are_right(app_configs, **kwargs):
            return declarations.faults(catalogue.declared())
