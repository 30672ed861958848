"""Addresses of the record."""

from django.urls import path

from youying.faces.desk.audit import views

urlpatterns = [
    path("", views.search, name="record"),
    path("check/", views.start_check, name="check-record"),
    path("check/<slug:job_id>/", views.check, name="record-check"),
    path("waiting/", views.waiting, name="record-waiting"),
    path("waiting/<int:number>/retry/", views.retry, name="retry-announcement"),
    path("waiting/<int:number>/give-up/", views.give_up, name="give-up-announcement"),
    path("waiting/jobs/<slug:job_id>/again/", views.run_again, name="job-again"),
]
