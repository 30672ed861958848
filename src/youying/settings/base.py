"""Settings every installation shares; what differs comes from the environment.

YOUYING_HOME          keys, uploads, the embedded database (default ./var)
YOUYING_DATABASE_URL  postgresql://user:word@host:port/name; without it SQLite in YOUYING_HOME
YOUYING_HOSTS         comma separated host names (default 127.0.0.1,localhost)
YOUYING_SECURE        1 behind TLS: secure cookies, HSTS
YOUYING_PROXIES       proxies that may say where a request came from (default behind TLS: this machine)
YOUYING_LEARN_AFTER   after how many newly decided matters the weekly learning of categories is worth while (default 100)
YOUYING_KEEP_IMPORTS_DAYS  days that a raw table is kept after its rows came in (default 30)
YOUYING_KEEP_EXPORTS_DAYS  days that a written list is kept (default 7)
YOUYING_DEMO          1: every page says that this is a demonstration
"""

import os
from pathlib import Path

from youying.settings.database import database_settings
from youying.settings.policy import tile_hosts
from youying.settings.proxies import proxies
from youying.settings.quiet import install as keep_logs_quiet
from youying.settings.secrets import home_folder, secret_key

PACKAGE = Path(__file__).resolve().parent.parent
YOUYING_HOME = home_folder()
SECRET_KEY = secret_key(YOUYING_HOME)
YOUYING_DEMO = os.environ.get("YOUYING_DEMO") == "1"
YOUYING_CIPHER = os.environ.get("YOUYING_CIPHER", "aes-256-gcm")
YOUYING_TILE_URL = os.environ.get("YOUYING_TILE_URL", "")
YOUYING_LEARN_AFTER = int(os.environ.get("YOUYING_LEARN_AFTER", "100"))
YOUYING_KEEP_IMPORTS_DAYS = int(os.environ.get("YOUYING_KEEP_IMPORTS_DAYS", "30"))
YOUYING_KEEP_EXPORTS_DAYS = int(os.environ.get("YOUYING_KEEP_EXPORTS_DAYS", "7"))
SECURE = os.environ.get("YOUYING_SECURE") == "1"
YOUYING_PROXIES = proxies(secure=SECURE)

DEBUG = False
ALLOWED_HOSTS = os.environ.get("YOUYING_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
ROOT_URLCONF = "youying.settings.urls"
WSGI_APPLICATION = "youying.settings.wsgi.application"
DATABASES = {"default": database_settings(YOUYING_HOME)}
CSRF_FAILURE_VIEW = "youying.faces.shared.views.stale_form"
TASKS = {"default": {"BACKEND": "youying.jobs.backend.DatabaseBackend", "QUEUES": ["default"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "django_tasks",
    "youying.record",
    "youying.access",
    "youying.files",
    "youying.jobs",
    "youying.places",
    "youying.people",
    "youying.editions",
    "youying.text",
    "youying.assessments",
    "youying.funds",
    "youying.partners",
    "youying.publications",
    "youying.sheets",
    "youying.matters",
    "youying.occasions",
    "youying.insight",
    "youying.channels.hotline",
    "youying.channels.intake",
    "youying.channels.notify",
    "youying.faces",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "faces" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "youying.faces.jinja.environment",
            "context_processors": ["youying.faces.shared.shell.context"],
        },
    },
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "youying.access.middleware.SeatMiddleware",
    "youying.faces.shared.language.chosen_language",
    "youying.access.middleware.SizeMiddleware",
    "youying.faces.shared.views.named_method",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "youying.access.middleware.RefusedMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
YOUYING_ZONE = os.environ.get("YOUYING_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = None
# The wheel carries the built files; nothing is collected or copied at start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/.+-[A-Z0-9]{8}\."


# Scripts, styles and pictures only from here; photos are shown from memory before they are sent.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *tile_hosts(YOUYING_TILE_URL)],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

keep_logs_quiet()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "youying.settings.quiet.QuietFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "CRITICAL"}},
}
