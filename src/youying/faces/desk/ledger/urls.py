"""Addresses of the ledger."""

from django.urls import path

from youying.faces.desk.ledger import many, parked, views

urlpatterns = [
    path("parked/", parked.parked, name="parked"),
    path("", views.ledger, name="ledger"),
    path("counts/", views.counts, name="ledger-counts"),
    path("choose/<slug:name>/", views.choose, name="ledger-choose"),
    path("views/", views.save_view, name="save-view"),
    path("views/<int:view_id>/drop/", views.drop_view, name="drop-view"),
    path("columns/", views.keep_columns, name="ledger-columns"),
    path("many/", many.many, name="many"),
]
