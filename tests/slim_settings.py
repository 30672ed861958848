"""Settings with the record and the jobs alone: what the children of the kill tests start with, in a third of a second."""

from youying.settings.test import *  # noqa: F403

INSTALLED_APPS = ["django_tasks", "youying.record", "youying.jobs"]
MIDDLEWARE: list[str] = []
AUTH_USER_MODEL = "auth.User"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
AUTHENTICATION_BACKENDS: list[str] = []
ROOT_URLCONF = "tests.slim_settings"
urlpatterns: list[object] = []
