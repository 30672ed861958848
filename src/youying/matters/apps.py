"""Django's registration of this context."""

from django.apps import AppConfig

from youying.matters import executed


class MattersConfig(AppConfig):
    """The context `matters`; importing it registers the words of the pack language that it executes."""

    name = "youying.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
