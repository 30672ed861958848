"""Addresses of the packs."""

from django.urls import path

from youying.faces.desk.packs import days, numbers, tables, texts, views

urlpatterns = [
    path("", views.packs, name="packs"),
    path("number/", numbers.number, name="pack-number"),
    path("text/", texts.text, name="pack-text"),
    path("library/", views.show_library, name="pack-library"),
    path("explained/", views.explained, name="pack-explained"),
    path("days/", days.days, name="pack-days"),
    path("days/drop/", days.drop_day, name="pack-drop-day"),
    path("days/seed/", days.seed_year, name="pack-seed-year"),
    path("directory/", tables.directory, name="pack-directory"),
    path("directory/form/", tables.directory_form, name="pack-directory-form"),
    path("directory/end/", tables.end_row, name="pack-end-row"),
    path("param/", tables.one_param, name="pack-param"),
]
