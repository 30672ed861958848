"""Addresses of the assessments."""

from django.urls import path

from youying.faces.desk.assessments import views

urlpatterns = [
    path("", views.assessments, name="assessments"),
    path("<int:run_id>/", views.one_run, name="assessment"),
    path("<int:run_id>/table/", views.table, name="assessment-table"),
    path("<slug:code>/run/", views.run, name="run-assessment"),
]
