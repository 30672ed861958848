"""`python -m youying.jobs`: one worker in a process of its own."""

import os

import django
from django.utils.module_loading import import_string

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
    django.setup()
    import_string("youying.jobs.worker.run")()
