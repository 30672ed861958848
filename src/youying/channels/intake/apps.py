"""Django's registration of this channel."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The channel `intake`."""

    name = "youying.channels.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
