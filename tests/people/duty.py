"""A community with a duty roster of three shifts and four people who share it, for the tests of duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.matters.world import World, person
from youying.access.models import Account, Post
from youying.kernel.viewers import Viewer
from youying.packs.schema_rhythm import Roster
from youying.people import actions
from youying.people.models import Shift
from youying.people.roster_rules import RosterSaid

SHANGHAI = ZoneInfo("Asia/Shanghai")
THREE = ["00:00-08:00", "08:00-16:00", "16:00-24:00"]
DECEMBER = date(2026, 12, 1)
NUMBER = "0970-5550000"


def said(world: World, **roster: Any) -> RosterSaid:
    """The roster of the community, three shifts a day unless it says otherwise."""
    words = {"title": "社区24小时值班", "posts": ["duty-officer"], "hours": THREE, "published": True, **roster}
    return RosterSaid(world.community, "duty", Roster(**words), "test", SHANGHAI)


def staff(world: World, *names: str) -> list[Viewer]:
    """More people in the duty post of the community, each as a viewer."""
    return [person(name, "duty-officer", "值班员", reach=world.community) for name in names]


def keeper(world: World) -> Viewer:
    """The secretary, who minds the roster."""
    viewer = replace(world.secretary, powers=world.secretary.powers | {"rosters"})
    Post.objects.filter(pk=viewer.post_id).update(powers=sorted(viewer.powers))
    return viewer


def planned(world: World, **more: Any) -> list[Shift]:
    """December planned by the secretary; the shifts in order."""
    rules = more.pop("said", None) or said(world)
    actions.plan_shifts(rules, month=DECEMBER, by=keeper(world), phone=NUMBER, **more)
    return list(Shift.objects.filter(removed_at=None).order_by("begins_at"))


def at(day: int, hour: int = 0, *, month: int = 12) -> datetime:
    """A moment of that day on the wall clock of the street."""
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def first_of(viewer: Viewer, *, after: int = 0) -> Shift:
    """The first shift of somebody, or one after it."""
    return Shift.objects.filter(account_id=viewer.account_id, removed_at=None).order_by("begins_at")[after]


def leave(viewer: Viewer) -> None:
    """Somebody leaves the post without a word."""
    Post.objects.filter(account_id=viewer.account_id).update(until=Post.objects.get(pk=viewer.post_id).since)


def named(name: str) -> int:
    """The account of somebody."""
    return Account.objects.get(name=name).pk
