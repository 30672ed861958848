"""Django's registration of this context."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The context `access`."""

    name = "youying.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
