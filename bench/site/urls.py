"""Youying's routes and the page of the measurement."""

from django.urls import include, path

from bench.site.views import say

urlpatterns = [path("bench/say/", say), path("", include("youying.settings.urls"))]
