"""Settings of the children of the kill tests: a killed process loses nothing that the system already has in hand,
so SQLite need not wait for the disk."""

from youying.settings.test import *  # noqa: F403

if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
