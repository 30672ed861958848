"""Django's registration of this context."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """The context `sheets`."""

    name = "youying.sheets"
    label = "sheets"
    default_auto_field = "django.db.models.BigAutoField"
