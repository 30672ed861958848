"""Addresses of setting up."""

from django.urls import path

from youying.faces.desk.setup import views

urlpatterns = [
    path("places/", views.put_places, name="set-up-places"),
    path("pack/", views.put_pack, name="set-up-pack"),
    path("done/", views.done, name="set-up-done"),
    path("<str:token>/", views.found, name="set-up"),
]
