"""Addresses of the registers."""

from django.urls import path

from youying.faces.desk.registers import imports, views

urlpatterns = [
    path("", views.registers, name="registers"),
    path("entries/<int:entry_id>/", views.one_entry, name="entry"),
    path("entries/<int:entry_id>/unmask/", views.unmask, name="entry-unmask"),
    path("import/", imports.start, name="entry-imports"),
    path("import/<slug:kind>/blank/", imports.blank, name="entry-blank"),
    path("import/<slug:kind>/<str:token>/", imports.look, name="entry-import"),
    path("import/<slug:kind>/<str:token>/to-fix/", imports.to_fix, name="entry-to-fix"),
    path("<slug:code>/", views.register, name="register"),
    path("<slug:code>/enter/", views.enter_one, name="register-enter"),
    path("<slug:code>/table/", views.table, name="register-table"),
]
