"""Addresses of units, accounts and posts."""

from django.urls import path

from youying.faces.desk.units import imports, people, views

urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("units/", views.units, name="units"),
    path("units/add/", views.add_unit, name="add-unit"),
    path("units/<int:unit_id>/", views.unit, name="unit"),
    path("units/<int:unit_id>/use/", views.use_unit, name="use-unit"),
    path("missing/", views.missing, name="missing-posts"),
    path("import/", imports.start, name="unit-imports"),
    path("import/links/", imports.links, name="unit-links"),
    path("import/<slug:kind>/blank/", imports.blank, name="unit-blank"),
    path("import/<slug:kind>/<str:token>/", imports.look, name="unit-import"),
    path("import/<slug:kind>/<str:token>/to-fix/", imports.to_fix, name="unit-to-fix"),
    path("add/", people.add, name="add-account"),
    path("<int:account_id>/", people.account, name="account"),
    path("<int:account_id>/link/", people.new_link, name="account-link"),
    path("<int:account_id>/switch/", people.switch, name="switch-account"),
    path("<int:account_id>/seats/<int:seat_id>/end/", people.end_seat, name="end-seat"),
    path("<int:account_id>/appoint/", people.appoint, name="appoint"),
    path("<int:account_id>/posts/<int:post_id>/end/", people.end_post, name="end-post"),
]
