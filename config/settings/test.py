"""Tests: real PostgreSQL without its fsync, cheap passwords, everything else as in the demo."""

from config.database import databases
from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, VAR
from shebao.foundation.postgres import FOR_TESTS

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # the city, its commands, and what city was made
DEBUG = False
DEMO = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECRET_KEY = "only for tests, worth nothing anywhere else"
DATABASES = databases(VAR / "pg-test", FOR_TESTS)
DATABASES["default"]["CONN_MAX_AGE"] = (
    0  # the test runner drops databases, which kept connections would hinder
)
# The runner empties the database between tests; the audit's triggers let it (audit/migrations/0002).
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c shebao.may_truncate=on"
# Argon2 would take most of the tests' time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "shebao.identity.hashers.Argon2"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "test-uploads"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
KEYS = VAR / "test-keys"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
