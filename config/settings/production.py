"""A real hall behind nginx with TLS. All that differs by site comes from the environment; a missing one is named."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.database import databases
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR


def _required(name: str, what: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"set {name}: {what} (deploy/README.md lists all of them)") from None


DEBUG = False
DEMO = False
# What a single press report or third party says (V4), and what is unverified, is good enough for a demo only.
POLICY_EVIDENCE = ("V1", "V2", "V3", "S")
SHEBAO_TODAY = None  # no variable of the environment shifts the day here
ALLOWED_HOSTS = _required("SHEBAO_HOSTS", "the host names of this hall, separated by commas").split(",")
URL = os.environ.get("SHEBAO_URL", f"https://{ALLOWED_HOSTS[0]}")
VERIFY_AT = f"{URL}/verify/"
SECRET_KEY = _required("SHEBAO_SECRET_KEY", "at least 50 random characters, kept secret")
_required("DATABASE_URL", "postgresql://user:password@host:5432/name; the embedded server is for demos")
DATABASES = databases(VAR / "pg")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("SHEBAO_UPLOADS", VAR / "uploads")},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# nginx ends TLS and sets this header itself, overwriting what a stranger may have sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PROXIES = int(os.environ.get("SHEBAO_PROXIES", "1"))
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
EMAIL_HOST = os.environ.get("SHEBAO_MAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("SHEBAO_MAIL_FROM", "webmaster@localhost")
