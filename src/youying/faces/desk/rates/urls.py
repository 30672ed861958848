"""Addresses of the rates."""

from django.urls import path

from youying.faces.desk.rates import ledgers, returns, tables, views

urlpatterns = [
    path("", views.rates, name="rates"),
    path("rows/", views.rows, name="rates-rows"),
    path("table/", tables.export, name="rates-table"),
    path("choose/<slug:name>/", views.choose, name="rates-choose"),
    path("returns/", returns.returns, name="rates-returns"),
    path("returns/table/", returns.export, name="rates-returns-table"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/<slug:code>/", ledgers.one_ledger, name="one-ledger"),
    path("ledgers/<slug:code>/table/", ledgers.export_ledger, name="ledger-table"),
]
