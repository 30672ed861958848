"""Django's registration of this context."""

from django.apps import AppConfig


class TextConfig(AppConfig):
    """The context `text`."""

    name = "youying.text"
    label = "text"
    default_auto_field = "django.db.models.BigAutoField"
