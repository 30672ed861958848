"""Learning anew from what people decided: asked for by a person or by the timer, done by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings

from youying.access.models import Post
from youying.access.queries import holding, viewer_of
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.queries.teaching import letters_by_category
from youying.record.queries import erased_since
from youying.text import queries as texts
from youying.text.actions import doubt_models, drop_stale, take_lesson
from youying.text.lessons import Lesson
from youying.text.models import LearnedModel
from youying.text.rules import fit_to_learn

A_WEEK = timedelta(days=7)
COMMAND = (sys.executable, "-m", "youying.matters.study_process")
Tell = Callable[[int, int], None]
Study = Callable[[str, bool, Tell], Lesson]


def viewer_at(post_id: int | None) -> Viewer:
    """Who asked for learning, as the post stands now; the system where no post did."""
    if post_id is None:
        return SYSTEM
    post = Post.objects.filter(holding(now()), pk=post_id, account__active=True).first()
    if post is None:
        raise Refused("post-ended", say="发起的岗位已经结束，没有再学。请由在岗的同事重新发起。", have=post_id)
    return viewer_of(post)


def learn_anew(
    area_path: str, *, by: Viewer, check: bool = True, tell: Tell = lambda done, total: None, study: Study | None = None
) -> LearnedModel:
    """Learn from a place's decided matters, and use the model where it is not worse than the one in use.

    No lock is held while it learns. Refused where there is too little to learn from.
    """
    by.require("texts")
    by.require_reach(area_path)
    began = now()
    lesson = (study or in_a_child)(area_path, check, tell)
    try:
        row = take_lesson(lesson, by=by, area_path=area_path)
    except BaseException:
        (texts.models_folder() / lesson.file).unlink(missing_ok=True)
        raise
    drop_stale(area_path, by=by)
    if erased_since(began):
        doubt_models()
    return row


def in_a_child(area_path: str, check: bool, tell: Tell) -> Lesson:
    """Have a process of its own learn; it ends when nobody listens any more."""
    environment = {**os.environ, "YOUYING_HOME": str(settings.YOUYING_HOME)}
    command = [*COMMAND, area_path, str(int(check))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        try:
            return _heard(child, tell)
        finally:
            child.kill()


def _heard(child: subprocess.Popen[bytes], tell: Tell) -> Lesson:
    said: dict[str, Any] = {}
    for line in child.stdout or ():
        said = msgspec.json.decode(line)
        if "done" in said:
            tell(said["done"], said["total"])
    if "refused" in said:
        raise Refused(said["refused"], say=said["say"])
    if "lesson" not in said:
        raise RuntimeError(f"the learning process ended with {child.wait()} and said nothing")
    return msgspec.convert(said["lesson"], Lesson)


def learn_by_night(*, by: Viewer, ask: Callable[[str], Any]) -> list[str]:
    """Ask for learning where a week has passed and enough was decided since, or where words were erased; the areas.

    A place that has too little left to learn from loses the models that may hold erased words, and reads by keywords.
    """
    asked = []
    stale = texts.stale_areas()
    for area_path in texts.learning_areas():
        if not _enough(area_path):
            drop_stale(area_path, by=by)
        elif area_path in stale or _worth_it(area_path, now()):
            ask(area_path)
            asked.append(area_path)
    return asked


def _enough(area_path: str) -> bool:
    try:
        return bool(fit_to_learn(letters_by_category(area_path)))
    except Refused:
        return False


def _worth_it(area_path: str, at: datetime) -> bool:
    last = texts.latest_model(area_path)
    if last is None:
        return True
    since = sum(letters_by_category(area_path).values()) - last.known
    return at - last.made_at >= A_WEEK and since >= settings.YOUYING_LEARN_AFTER
