"""Django's registration of this context."""

from django.apps import AppConfig

from youying.people import executed


class PeopleConfig(AppConfig):
    """The context `people`."""

    name = "youying.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
