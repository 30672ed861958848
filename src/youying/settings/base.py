"""Settings every installation shares; what differs comes from the environment."""

SECRET_KEY = "set-by-later-files"
INSTALLED_APPS: list[str] = []
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
