"""Addresses of texts and categories."""

from django.urls import path

from youying.faces.desk.texts import views

urlpatterns = [
    path("", views.texts, name="texts"),
    path("learn/", views.learn, name="learn-texts"),
    path("learn/<slug:job_id>/", views.bar, name="texts-bar"),
    path("models/<int:model_id>/use/", views.use, name="use-model"),
]
