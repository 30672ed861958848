"""Django's registration of this context."""

from django.apps import AppConfig

from youying.partners import executed


class PartnersConfig(AppConfig):
    """The context `partners`; importing it registers the words of the pack language that it executes."""

    name = "youying.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
