"""Addresses of what is posted in public."""

from django.urls import path

from youying.faces.desk.publications import views

urlpatterns = [
    path("", views.publications, name="publications"),
    path("<int:publication_id>/", views.one, name="publication"),
    path("<int:publication_id>/withdraw/", views.withdraw, name="withdraw-publication"),
    path("objections/<int:objection_id>/answer/", views.answer, name="answer-objection"),
]
