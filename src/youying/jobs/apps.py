"""Django's registration of this context."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The context `jobs`."""

    name = "youying.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
