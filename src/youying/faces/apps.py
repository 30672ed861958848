"""Django's registration of the faces."""

from django.apps import AppConfig


class FacesConfig(AppConfig):
    """Pages and nothing else."""

    name = "youying.faces"
    label = "faces"
