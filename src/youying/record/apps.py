"""Django's registration of this context."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordConfig(AppConfig):
    """The context `record`."""

    name = "youying.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read every context's table of listeners."""
        autodiscover_modules("listeners")
