"""Addresses of the board of whistles."""

from django.urls import path

from youying.faces.desk.whistles import views

urlpatterns = [path("", views.board, name="whistles")]
