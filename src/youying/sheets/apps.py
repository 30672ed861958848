"""Django's registration of this context."""

from django.apps import AppConfig

from youying.sheets import executed


class SheetsConfig(AppConfig):
    """The context `sheets`."""

    name = "youying.sheets"
    label = "sheets"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
