"""Django's registration of this context."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The context `matters`."""

    name = "youying.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"
