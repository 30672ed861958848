"""Django's registration of this context."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The context `record`."""

    name = "youying.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"
