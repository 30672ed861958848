"""The `youying` command: every command in a small file of its own."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
django.setup()

from youying.cli.app import main  # noqa: E402

__all__ = ["main"]
