"""Kills a process at every statement of a supervision, its reply, and a joint meeting on two matters."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from tests.matters.killing import KILLED, START, Street, found, in_a_fork, kill_everywhere, lay_out, tell  # sets up

from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip
from tests.matters import world as worlds
from youying.kernel.moments import now, set_clock
from youying.matters import actions
from youying.matters.actions import Came, Decision
from youying.matters.models import Consultation, Matter, Supervision
from youying.packs.source import library, with_value

MEET = {
    "loop.demand.acts.meet": {"title": "会商", "from": ["received"], "by": ["street-leader"], "needs": ["session"]},
    "loop.demand.acts.dispatch.by": ["dispatcher", "secretary", "street-leader"],
}


def supervise(street: Street, key: str) -> None:
    """Supervise it, if nobody did."""
    if not found(key).supervised:
        actions.act(found(key).pk, "supervise", by=street.leader, note="请抓紧")


def reply(street: Street, key: str) -> None:
    """Supervise and reply, each if nobody did."""
    supervise(street, key)
    row = Supervision.objects.get(matter=found(key))
    if row.replied_at is None:
        actions.reply_supervision(row.pk, by=street.manager, words="周四换好")


def meet(street: Street, key: str) -> None:
    """Call a meeting on two matters and write it down, each if nobody did."""
    two = [found(key), street.report(f"{key}-other").matter]
    row = Consultation.objects.filter(agenda__matter=two[0]).first() or actions.call_meeting(
        by=street.leader, title="协调会", meets_at=now(), place="门口", matters=[one.number for one in two]
    )
    if row.held_at is None:
        assign = {"unit": street.company, "category": worlds.CATEGORY}
        actions.hold_meeting(
            row.pk, by=street.leader, came=[Came(street.company, "董建平")], minutes="先修剪再移杆",
            decisions={two[0].number: Decision("staged", "", assign)},
        )  # fmt: skip
    assert [Matter.objects.get(pk=one.pk).sessions for one in two] == [1, 1]


MINE: dict[str, Any] = {
    "supervise": (("dispatch",), timedelta(hours=1), supervise),
    "reply": (("dispatch",), timedelta(hours=1), reply),
    "meet": ((), timedelta(hours=1), meet),
}


def stage() -> dict[str, Any]:
    """The street with a pack by which the leader meets on demands."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    told = lay_out()
    raw = library()["m01"]
    for name, value in MEET.items():
        raw = with_value(raw, key=name, value=value)
    set_clock(lambda: START + timedelta(seconds=1))
    worlds.adopt(raw, Street(told).leader.reach)
    set_clock(lambda: START + timedelta(minutes=1))
    Street(told).at("warm", "dispatch")
    connection.close()
    return told


def main(*scenarios: str) -> None:
    """Play each scenario, its name before its lines."""
    KILLED.update(MINE)
    told = stage()
    for scenario in scenarios:
        tell({"scenario": scenario})
        kill_everywhere(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
