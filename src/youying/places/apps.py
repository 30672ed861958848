"""Django's registration of this context."""

from django.apps import AppConfig

from youying.places import executed


class PlacesConfig(AppConfig):
    """The context `places`."""

    name = "youying.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
