"""What another system says differently of a need than it said before: another category, unit or deadline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from youying.kernel.clock_working import given_from_data
from youying.kernel.clocks import given_deadline
from youying.kernel.refusals import Refused
from youying.matters.actions import clocks, history, parties, recounting
from youying.matters.actions.committing import commit
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.matters.models import Clock
from youying.record import queries as record
from youying.text.queries import category_title, known_category

FIELDS = {"category": "分类", "lead_id": "承办单位"}


def changes(scene: Scene, told: history.Told) -> dict[str, Any]:
    """The columns of which the source has changed its mind, with what it says now.

    A first word of the source is news too, unless people here have chosen already. What only the machine guessed is
    no word of the source. Refused where people here chose something else than both its words.
    """
    matter, before = scene.matter, _told_before(scene)
    said = {"category": told.need.category if told.need.category_by == "import" else "", "lead_id": told.unit_id}
    found: dict[str, Any] = {}
    for name, now_said in said.items():
        held, once = getattr(matter, name), before.get(name)
        if not now_said or now_said in (once, held):
            continue
        kept = held == once and (name != "category" or matter.category_by != "person")
        if kept and (once or name == "category"):
            found[name] = now_said
        elif once:
            raise _chosen_here(scene, name)
    return found | _other_due(scene, told, before.get("due"))


def _other_due(scene: Scene, told: history.Told, last: str | None) -> dict[str, Any]:
    """The deadline that the source gives now, where it gave another one or none before."""
    due, code = told.need.given_due, history.judging(scene.loop)
    if due is None or not code:
        return {}
    runs = Clock.objects.filter(matter=scene.matter, code=code).order_by("-run")
    given = next((run.rule["given"] for run in runs if run.rule.get("given")), None)
    held = last or given
    if held is None:
        return {"due": due}
    before, runs_on = given_from_data(held), any(run.stopped_at is None for run in runs)
    return {} if _ends_alike(scene, before, due, by_day=not runs_on) else {"due": due}


def _ends_alike(scene: Scene, before: date | datetime, due: date | datetime, *, by_day: bool) -> bool:
    """Whether two deadlines end together; `by_day` also where one is the midnight that its day was once taken for."""
    opened_at, calendar = scene.matter.opened_at, scene.calendar
    if (
        by_day
        and isinstance(before, datetime)
        and before == calendar.at(calendar.day_of(before))
        and due == calendar.day_of(before)
    ):
        return True
    ends = [given_deadline(opened_at, one, calendar).due_at for one in (before, due)]
    return ends[0] == ends[1]


def _told_before(scene: Scene) -> dict[str, Any]:
    """What the source last said of these columns, as the imported entries keep it."""
    found: dict[str, Any] = {}
    for entry in record.story(scene.matter.subject):
        facts = cast(dict[str, Any], entry.facts)
        if facts.get("imported"):
            found |= {name: pair[1] for name, pair in facts["change"].items() if name in FIELDS}
            found |= {"due": facts["due"]} if facts.get("due") else {}
    return found


def _chosen_here(scene: Scene, name: str) -> Refused:
    say = (
        f"已在库中（{scene.matter.number}），表里的{FIELDS[name]}变了，这里的人也另定过，两边不一样；请打开这一件核对。"
    )
    return Refused("chosen-here", say=say, have=getattr(scene.matter, name), field=name)


def follow(scene: Scene, found: dict[str, Any]) -> None:
    """Take the source's new words over: its deadline, a correction, then another unit, each with its own entry."""
    if "due" in found:
        _move_due(scene, found["due"])
    if "category" in found:
        _correct(scene, found["category"])
    if "lead_id" in found:
        was = facts_of(scene.matter)
        parties.refuse_units({found["lead_id"]})
        parties.give_to(scene, found["lead_id"])
        _enter(scene, "reassign", was, "原系统改了承办单位。")


def _move_due(scene: Scene, due: date | datetime) -> None:
    """Take the source's deadline over: for the clock that runs, or one that starts; of what is done it is only noted."""
    was, code = facts_of(scene.matter), history.judging(scene.loop)
    running = next((clock for clock in scene.clocks if clock.code == code), None)
    note = f"原系统把办理期限改为{_in_words(due, scene)}。"
    if running is not None:
        clocks.move_given(scene, running, due)
    elif scene.matter.completed_at is None:
        clocks.start_given(scene, code, due)
    else:
        note += "这一件已经办结，是否按期仍按办结时的期限算。"
    _enter(scene, "correct", was, note, due=due.isoformat())


def _in_words(due: date | datetime, scene: Scene) -> str:
    if isinstance(due, datetime):
        return f"{due.astimezone(scene.calendar.zone):%Y-%m-%d %H:%M}"
    return due.isoformat()


def _correct(scene: Scene, code: str) -> None:
    matter, was = scene.matter, facts_of(scene.matter)
    matter.category = known_category(code, area_path=matter.area_path)
    matter.category_by = "import"
    matter.category_why = f"原系统改为：{category_title(code)}"[:120]
    recounting.changed(scene, was, note=matter.category_why)
    _enter(scene, "correct", was, matter.category_why)


def _enter(scene: Scene, act: str, was: dict[str, Any], note: str, **said: str) -> None:
    commit(scene, act, act, was=was, data={"note": note}, extra={"imported": True, **said})
