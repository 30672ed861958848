"""Addresses of imports and exports."""

from django.urls import path

from youying.faces.desk.hotline import exports, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:import_id>/", views.one, name="import"),
    path("imports/<int:import_id>/begin/", views.begin, name="begin-import"),
    path("imports/<int:import_id>/drop/", views.drop, name="drop-import"),
    path("imports/<int:import_id>/bar/", views.bar, name="import-bar"),
    path("imports/<int:import_id>/to-fix/", views.to_fix, name="import-to-fix"),
    path("exports/", exports.exports, name="exports"),
    path("exports/to-answer/", exports.to_answer, name="exports-to-answer"),
    path("exports/ask/", exports.ask, name="export-matters"),
    path("exports/<int:export_id>/bar/", exports.bar, name="export-bar"),
    path("exports/<int:export_id>/answer/", exports.answer, name="answer-export"),
]
