"""Django's registration of this context."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The context `jobs`."""

    name = "youying.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read every context's tasks and timers."""
        autodiscover_modules("tasks")
