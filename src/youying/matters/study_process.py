"""`python -m youying.matters.study_process <area> <0|1>`: learning in a process of its own, quietly behind the others.

The learners never load in a web or worker process. How far it is and at last what came of it are said one JSON a line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import django
import msgspec
from django.utils.module_loading import import_string

NICE = 10


def main(area_path: str, *, check: bool, say: Callable[[dict[str, Any]], None]) -> None:
    """Set the program up, learn, and say what came of it."""
    os.nice(NICE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
    django.setup()
    say(import_string("youying.matters.studying.answer")(area_path, check=check, say=say))


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], check=sys.argv[2] == "1", say=_say)
