"""Django's registration of this context."""

from django.apps import AppConfig

from youying.editions import executed


class EditionsConfig(AppConfig):
    """The context `editions`."""

    name = "youying.editions"
    label = "editions"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
