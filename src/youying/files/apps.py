"""Django's registration of this context."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The context `files`."""

    name = "youying.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
