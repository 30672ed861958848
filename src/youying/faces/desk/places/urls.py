"""Addresses of the places."""

from django.urls import path

from youying.faces.desk.places import codes, imports, views

urlpatterns = [
    path("", views.places, name="places"),
    path("at/", views.one_place, name="place"),
    path("add/", views.add, name="add-place"),
    path("change/<slug:act>/", views.change, name="change-place"),
    path("import/", imports.start, name="place-imports"),
    path("import/<slug:kind>/blank/", imports.blank, name="place-blank"),
    path("import/<slug:kind>/<str:token>/", imports.look, name="place-import"),
    path("import/<slug:kind>/<str:token>/to-fix/", imports.to_fix, name="place-to-fix"),
    path("codes/issue/", codes.issue, name="issue-codes"),
    path("codes/revoke/", codes.revoke, name="revoke-code"),
    path("sheets/", codes.sheets, name="entrance-sheets"),
]
