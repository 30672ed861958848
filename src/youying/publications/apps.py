"""Django's registration of this context."""

from django.apps import AppConfig

from youying.publications import executed


class PublicationsConfig(AppConfig):
    """The context `publications`."""

    name = "youying.publications"
    label = "publications"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
