"""A demo city on one machine: embedded database, a secret key made at first start, plain HTTP on 127.0.0.1."""

import os

from config.database import databases
from config.secret_key import kept_in
from config.settings.base import *  # noqa: F403
from config.settings.base import INSTALLED_APPS, VAR

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # the city, its commands, and what city was made
DEBUG = os.environ.get("SHEBAO_DEBUG") == "1"
DEMO = True  # pages say so, and the synthetic overlay of policies may be loaded
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = kept_in(VAR / "secret-key")
DATABASES = databases(VAR / "pg")
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "uploads"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # browsers ignore and complain about it on plain HTTP
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
