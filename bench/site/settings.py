"""Youying's own settings, with the page of the measurement beside its pages."""

from youying.settings.base import *  # noqa: F403

ROOT_URLCONF = "bench.site.urls"
ALLOWED_HOSTS = ["*"]
