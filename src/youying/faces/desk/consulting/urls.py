"""Addresses of hard matters and joint meetings."""

from django.urls import path

from youying.faces.desk.consulting import views

urlpatterns = [
    path("", views.hard, name="consultations"),
    path("call/", views.call, name="call-meeting"),
    path("<str:number>/", views.meeting, name="consultation"),
    path("<str:number>/hold/", views.hold, name="hold-meeting"),
    path("<str:number>/cancel/", views.cancel, name="cancel-meeting"),
    path("<str:number>/minutes.pdf", views.minutes, name="consultation-pdf"),
]
