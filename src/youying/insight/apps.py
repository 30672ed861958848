"""Django's registration of this context."""

from django.apps import AppConfig

from youying.insight import executed


class InsightConfig(AppConfig):
    """The context `insight`."""

    name = "youying.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
