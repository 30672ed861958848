"""Addresses of taking a need in."""

from django.urls import path

from youying.faces.desk.intake import helping, views

urlpatterns = [
    path("new/", views.intake, name="intake"),
    path("new/reading/", helping.reading, name="intake-reading"),
    path("new/sheet/", views.sheet, name="intake-sheet"),
    path("new/caller/", helping.caller, name="intake-caller"),
    path("new/buildings/", helping.buildings, name="intake-buildings"),
]
