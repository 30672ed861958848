"""A desk with two pages, for tests of the navigation."""

from django.urls import include, path

from tests.faces.kit import desk

DESK = [path("", desk, name="day"), path("ledger/", desk, name="ledger")]
urlpatterns = [path("desk/", include((DESK, "desk")))]
