"""Settings of the test run: a throw-away home, fast password hashing, the database the run asks for."""

import atexit
import os
import shutil
import tempfile

if "YOUYING_HOME" not in os.environ:
    os.environ["YOUYING_HOME"] = tempfile.mkdtemp(prefix="youying-test-")
    atexit.register(shutil.rmtree, os.environ["YOUYING_HOME"], ignore_errors=True)

from youying.settings.base import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = True
YOUYING_CHECK_FACTS = True
"""Facts that look personal stop the act, so that every test walks the check."""
