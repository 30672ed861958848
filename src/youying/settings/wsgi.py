"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
application = get_wsgi_application()

if os.environ.get("YOUYING_JOBS_INSIDE") == "1":
    from youying.jobs.worker import run_in_background

    BACKGROUND = run_in_background()
