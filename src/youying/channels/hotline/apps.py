"""Django's registration of this channel."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """The channel `hotline`."""

    name = "youying.channels.hotline"
    label = "hotline"
    default_auto_field = "django.db.models.BigAutoField"
