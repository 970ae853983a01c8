"""Settings that every place shares. What differs by place stands in demo.py, test.py and production.py."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[2]
# All that running leaves behind: database, uploads, logs. Git ignores it.
VAR = Path(os.environ.get("SHEBAO_VAR") or ROOT / "var").absolute()

INSTALLED_APPS = [
    "config",  # for its jobs and commands
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
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
    "shebao.exports",
    "shebao.services",
    "shebao.pages",
    "shebao.portals",
    "shebao.backoffice",
    "shebao.api",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

MIDDLEWARE = [
    "config.request_ids.numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shebao.identity.sessions.signed_in",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "shebao.pages.context.furniture",
            ],
        },
    },
]

FORM_RENDERER = "shebao.pages.form_renderer.Renderer"

# --- Who you are ---
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["shebao.identity.sessions.Accounts"]
PASSWORD_HASHERS = ["shebao.identity.hashers.Argon2"]
PROXIES = 0  # how many of our own stand in front and write down where a request came from
IDLE_SECONDS = 30 * 60  # without a click; the page warns before
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # halls and internet bars: the next one at the screen is a stranger
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in their markup, no script needs the cookie
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shebao.pages.errors.stale_form"

# --- What a page may load: itself, and nothing else ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- Language and time ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- Files ---
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
UPLOADS = VAR / "uploads"
POLICIES = ROOT / "policies"
CITY_CODE = os.environ.get("SHEBAO_CITY", "420100")
CITY_FOLDER = next(POLICIES.glob(f"{CITY_CODE}-*"), POLICIES / CITY_CODE)
# The hall's pictures in this city; all else that a page shows is in shebao/pages/static.
STATICFILES_DIRS = [("city", folder) for folder in [CITY_FOLDER / "hall" / "pictures"] if folder.is_dir()]
# Above the largest workbook a service takes (50,000 rows are 3.3 MB), and streamed to disk, not kept in memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
API_MOST_BYTES = 16 * 2**20  # 50,000 rows of JSON with all their fields; deploy/nginx.conf lets more through
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page of picked people posts a tick for each

# --- Statements ---
URL = os.environ.get("SHEBAO_URL", "http://127.0.0.1:8000")  # where strangers reach this hall
PASSWORD_RESET_TIMEOUT = 30 * 60  # seconds that the link of a recovery letter is good for
VERIFY_AT = f"{URL}/verify/"  # printed on statements and in their QR codes, so it has to stay
KEYS = Path(os.environ.get("SHEBAO_KEYS", VAR / "keys"))  # the signing key and its certificates
STATEMENT_MONTHS = 600  # the longest period that one statement covers

# --- Drafts that nobody hands in: a rule of our own, in force since 2026-11-22; no source says how long ---
# In days since they were last saved: those in which nothing is, and those of applicants without an account.
DRAFTS_KEPT_DAYS = {"empty": 7, "applicant": 60}

# --- Exports ---
EXPORTS_KEPT_DAYS = 7  # then the file is deleted; whoever needs it orders it again

# --- Jobs ---
PROCRASTINATE_ON_APP_READY = "config.timetable.hang"

# --- The month's run: early on this day of the month, once ---
# The agency's own choice; hires and wage changes of later days are assessed when they are approved.
MONTH_RUN_DAY = int(os.environ.get("SHEBAO_MONTH_RUN_DAY", "5"))

# --- Appointments and problem reports: the agency's own choices; no regulation that we know of sets them ---
APPOINTMENTS = {
    "days_ahead": 14,  # how far ahead one may book
    "open_at_once": 3,  # how many coming appointments one clerk or person may hold
    "no_shows": 3,  # so many in so many months, and one may not book until the oldest is over
    "no_show_months": 6,
}
PROBLEMS = {
    "answer_days": 5,  # working days until the promised day of an answer
    "second_step_days": 3,  # working days after it until the city's supervisors hear of it
    "close_after_days": 15,  # calendar days after an answer to which the filer says nothing
    "reopen_days": 30,  # calendar days within which a closed report may be opened again, once
}

# --- Logs: to standard error, with the request's number, without anybody's ID number ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.Masked",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s",
        }
    },
    "filters": {"numbered": {"()": "config.logs.Numbered"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["numbered"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "shebao": {"level": "INFO"},
        # Django would mail server errors to ADMINS and print requests twice; one place is enough.
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
