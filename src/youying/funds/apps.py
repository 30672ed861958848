"""Django's registration of this context."""

from django.apps import AppConfig

from youying.funds import executed


class FundsConfig(AppConfig):
    """The context `funds`."""

    name = "youying.funds"
    label = "funds"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
