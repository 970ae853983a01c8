from django.apps import AppConfig


class Demo(AppConfig):
    name = "demo"
    default_auto_field = "django.db.models.BigAutoField"
