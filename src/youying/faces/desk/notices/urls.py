"""Addresses of warnings and notices."""

from django.urls import path

from youying.faces.desk.notices import telling, views

urlpatterns = [
    path("warnings/", views.warnings, name="warnings"),
    path("warnings/<int:warning_id>/", views.warning, name="warning"),
    path("notices/", telling.notices, name="notices"),
    path("notices/to-tell/", telling.to_tell, name="to-tell"),
    path("notices/<int:notice_id>/seen/", telling.seen, name="notice-seen"),
]
