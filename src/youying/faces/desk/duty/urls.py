"""Addresses of duty."""

from django.urls import path

from youying.faces.desk.duty import calendar, shifts, tables, views

urlpatterns = [
    path("", views.duty, name="duty"),
    path("calendar/", calendar.download, name="duty-calendar"),
    path("month/", views.month, name="duty-month"),
    path("month/table/", views.export, name="duty-export"),
    path("month/import/", tables.start, name="duty-imports"),
    path("month/import/<slug:kind>/blank/", tables.blank, name="duty-blank"),
    path("month/import/<slug:kind>/<str:token>/", tables.look, name="duty-import"),
    path("month/import/<slug:kind>/<str:token>/to-fix/", tables.to_fix, name="duty-to-fix"),
    path("shifts/<int:shift_id>/", shifts.shift, name="duty-shift"),
    path("swaps/<int:swap_id>/", shifts.answer_swap, name="duty-swap"),
]
