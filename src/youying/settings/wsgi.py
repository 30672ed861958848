"""The WSGI application that granian serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from youying.settings.proxies import behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
application = behind(get_wsgi_application(), settings.YOUYING_PROXIES)

if os.environ.get("YOUYING_JOBS_INSIDE") == "1":
    from youying.jobs.worker import run_in_background

    BACKGROUND = run_in_background()
