"""Addresses of duty."""

from django.urls import path

from youying.faces.desk.duty import shifts, views

urlpatterns = [
    path("", views.duty, name="duty"),
    path("month/", views.month, name="duty-month"),
    path("month/table/", views.export, name="duty-export"),
    path("shifts/<int:shift_id>/", shifts.shift, name="duty-shift"),
    path("swaps/<int:swap_id>/", shifts.answer_swap, name="duty-swap"),
]
