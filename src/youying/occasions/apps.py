"""Django's registration of this context."""

from django.apps import AppConfig

from youying.occasions import executed


class OccasionsConfig(AppConfig):
    """The context `occasions`; importing it registers the words of the pack language that it executes."""

    name = "youying.occasions"
    label = "occasions"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
