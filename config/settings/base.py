"""Settings that every place shares. What differs by place stands in demo.py, test.py and production.py."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "shebao.audit",
    "shebao.notices",
    "shebao.identity",
    "shebao.policy",
    "shebao.registry",
    "shebao.ledger",
    "shebao.assessment",
    "shebao.benefits",
    "shebao.statements",
    "shebao.casework",
    "shebao.engagement",
    "shebao.services",
    "shebao.pages",
    "shebao.portals",
    "shebao.backoffice",
    "shebao.api",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Account"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
