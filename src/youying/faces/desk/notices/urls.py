"""Addresses of the warnings."""

from django.urls import path

from youying.faces.desk.notices import views

urlpatterns = [
    path("", views.warnings, name="warnings"),
    path("<int:warning_id>/", views.warning, name="warning"),
]
