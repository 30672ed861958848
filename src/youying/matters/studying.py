"""Learning from the decided matters of a place; only a process that learns imports this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.matters.queries.teaching import letters, letters_by_category
from youying.text.lessons import Lesson
from youying.text.queries import models_folder
from youying.text.study import study

Tell = Callable[[int, int], None]


def study_area(area_path: str, *, check: bool = True, tell: Tell = lambda done, total: None) -> Lesson:
    """Learn from the letters of the matters decided at or below a place; the model's file is written, no row yet."""
    at = now()
    known = sum(letters_by_category(area_path).values())
    return study(letters(area_path), known=known, folder=models_folder(), at=at, check=check, tell=tell)


def answer(area_path: str, *, check: bool, say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Learn and tell; a refusal is an answer too."""
    try:
        lesson = study_area(area_path, check=check, tell=lambda done, total: say({"done": done, "total": total}))
    except Refused as refused:
        return {"refused": refused.code, "say": refused.say}
    return {"lesson": msgspec.to_builtins(lesson)}
