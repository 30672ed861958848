"""Addresses of my day."""

from django.urls import path

from youying.faces.desk.day import views

urlpatterns = [
    path("", views.day, name="day"),
    path("asks/<int:ask_id>/", views.answer_ask, name="answer-ask"),
]
