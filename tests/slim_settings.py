"""Settings with the record and the jobs alone: what the children of the kill tests start with, in a third of a second."""

from youying.settings.test import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "youying.record",
    "youying.access",
    "youying.jobs",
]
MIDDLEWARE: list[str] = []
AUTH_USER_MODEL = "access.Account"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
AUTHENTICATION_BACKENDS: list[str] = []
ROOT_URLCONF = "tests.slim_settings"
urlpatterns: list[object] = []
