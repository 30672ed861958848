"""Django's registration of this context."""

from django.apps import AppConfig

from youying.assessments import executed


class AssessmentsConfig(AppConfig):
    """The context `assessments`."""

    name = "youying.assessments"
    label = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
    executed = executed
