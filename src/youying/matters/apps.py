"""Django's registration of this context."""

from django.apps import AppConfig

from youying.matters import executed


class MattersConfig(AppConfig):
    """The context `matters`."""

    name = "youying.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
