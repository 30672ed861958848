"""Django's registration of this channel."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """The channel `notify`."""

    name = "youying.channels.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"
