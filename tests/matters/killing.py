"""Kills a process before its n-th statement or around its n-th commit, for every n.

The process that loops holds no connection; each piece of work runs in a fork of its own, which is really killed. JSON
lines say what a successor then found.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.jobs.killing import in_a_fork  # sets Django up

from django.core.management import call_command  # isort: skip
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.matters import world as worlds
from youying.access.models import Unit
from youying.insight.queries import recount_differences
from youying.kernel.moments import now, set_clock
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions
from youying.matters.actions.parking import ring_review
from youying.matters.events import MatterActed, MatterOpened
from youying.matters.models import Ask, Attempt, Clock, Matter, Parking, Reporter, SearchRow, Summons, Verdict
from youying.matters.replaying import differences
from youying.places.placing import place_of
from youying.record.actions import deliver, open_subject, write
from youying.record.acts import act
from youying.record.book import lock
from youying.record.events import LISTENERS, forget, listen
from youying.record.models import Entry
from youying.record.queries import undelivered, verify

MOST = 300
CALLED = ("gongdian", "yuanlin")
"""The departments that can be whistled for."""
START = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)


for listening in [one for one in LISTENERS.values() if not one.exact]:
    forget(listening.function)  # what others do with the news is tested where they live; here one ear counts


@act("ear.note")
def note_heard(subject: str, what: str, *, by: Viewer) -> None:
    """Note that an announcement came."""
    if subject not in lock([subject]):
        open_subject(subject)
    write(subject, "heard", by=by, facts={"what": what})


@listen(MatterOpened)
def on_opened(event: MatterOpened, *, key: str) -> None:
    """Hear of an opening."""
    note_heard(f"ear:{event.matter_id}", "open", by=SYSTEM)


@listen(MatterActed)
def on_acted(event: MatterActed, *, key: str) -> None:
    """Hear of a step."""
    note_heard(f"ear:{event.matter_id}", event.act, by=SYSTEM)


# ------------------------------------------------------------------ the street, told from process to process
def lay_out() -> dict[str, Any]:
    """Build the street once; what a child needs to stand in it."""
    set_clock(lambda: START)
    made = worlds.build("m05")
    for code in CALLED:
        unit = Unit.objects.create(code=code, title=code, kind="department", reach=made.town)
        made.people[code] = worlds.person(code, "", "值班员", unit=unit)
    people = {name: {**asdict(viewer), "powers": sorted(viewer.powers)} for name, viewer in made.people.items()}
    return {"people": people, "building": made.place.building_id, "company": made.property_company.pk}


class Street:
    """The street as a child rebuilds it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.people = {
            name: Viewer(**{**said, "powers": frozenset(said["powers"])}) for name, said in told["people"].items()
        }
        self.building, self.company = told["building"], told["company"]

    def __getattr__(self, name: str) -> Viewer:
        return self.people[name]

    @property
    def place(self) -> Any:
        """Where everything is reported from."""
        return place_of(building_id=self.building)

    @property
    def property_company(self) -> Unit:
        """The unit that does the work."""
        return Unit.objects.get(pk=self.company)

    def report(self, key: str, **more: Any) -> Any:
        """A need with an outer number."""
        need = worlds.need(external_id=key, **more)
        return actions.open_matter(need, place=self.place, by=self.dispatcher)

    def at(self, key: str, *steps: str) -> Matter:
        """A matter of that outer number after these steps."""
        matter = self.report(key).matter
        for step in steps:
            getattr(self, f"do_{step.replace('-', '_')}")(matter)
        return Matter.objects.get(pk=matter.pk)

    def do_dispatch(self, matter: Matter) -> Any:
        """Give it to the property company."""
        data = {"unit": self.company, "category": worlds.CATEGORY}
        return actions.act(matter.pk, "dispatch", by=self.dispatcher, **data)

    def do_accept(self, matter: Matter, **more: Any) -> Any:
        """The company takes it."""
        return actions.act(matter.pk, "accept", by=self.manager, **more)

    def do_park(self, matter: Matter) -> Any:
        """The company parks it for a year, with the street leader's yes."""
        until = now() + timedelta(days=365)
        data = {"reason": "conditions", "scheme": "等管网改造", "due_at": until}
        actions.act(matter.pk, "park", by=self.manager, **data)
        return actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=self.leader)

    def do_complete(self, matter: Matter) -> Any:
        """The company says it is done, with a photograph."""
        token = worlds.photo(self.manager)
        return actions.act(matter.pk, "complete", by=self.manager, note="主管已疏通", uploads=[token])

    def do_near(self, matter: Matter) -> Any:
        """A neighbour reports the same as urgent, and it is given out too."""
        near = self.report(f"{matter.external_id}-near", urgency="urgent").matter
        return self.do_dispatch(near)

    def do_verdict(self, matter: Matter) -> Any:
        """The resident says that it is not solved."""
        return actions.act(matter.pk, "verdict", by=self.caller, solved=False, satisfaction="不满意")

    def do_whistle(self, matter: Matter) -> Any:
        """The street leader whistles for both departments."""
        named = [self.people[code].unit_id for code in CALLED]
        return actions.act(matter.pk, "whistle", by=self.leader, summoned=named, grade="emergency", note="请来现场")

    def do_come(self, matter: Matter, code: str = CALLED[0]) -> Any:
        """A department is there."""
        return actions.act(matter.pk, "report-in", by=self.people[code], person="带班的赵工", note="到了")

    def do_hand_back(self, matter: Matter) -> Any:
        """The company says that it is not theirs."""
        return actions.act(matter.pk, "hand-back", by=self.manager, reason="not-ours")


def found(key: str) -> Matter:
    """The one matter of an outer number."""
    return Matter.objects.get(external_id=key)


def say(key: str) -> dict[str, Any]:
    """Everything that must hold of one matter, and of the whole installation."""
    deliver(limit=500)
    matter = found(key)
    heard = Entry.objects.filter(subject=f"ear:{matter.pk}").order_by("seq")
    story = Entry.objects.filter(subject=matter.subject).order_by("seq")
    return {
        "matters": Matter.objects.filter(external_id=key).count(),
        "story": [entry.act for entry in story],
        "heard": [entry.facts["what"] for entry in heard],
        "rungs": [r["do"] for e in story if e.act == "ring" for r in e.facts["rungs"]],
        "reporters": Reporter.objects.filter(matter=matter).count(),
        "indexed": SearchRow.objects.filter(rowid=matter.pk).count(),
        "beside": [
            Clock.objects.filter(matter=matter).count(),
            Attempt.objects.filter(matter=matter).count(),
            Verdict.objects.filter(matter=matter).count(),
        ],
        "parkings": list(Parking.objects.filter(matter=matter).values_list("reviews", "missed")),
        "rules": [clock.rule["within"] for clock in Clock.objects.filter(matter=matter, code="complete")],
        "stage": matter.stage,
        "summonses": sorted(Summons.objects.filter(matter=matter).values_list("end", flat=True)),
        "replays": differences(matter) == {},
        "tallies": recount_differences() == [],
        "whole": verify().ok,
        "undelivered": undelivered(),
    }


# ------------------------------------------------------------------ killed
@contextmanager
def killed_at(number: int) -> Any:
    """Kill this process before its n-th statement; a commit counts as one before it and one after it."""
    left = [number]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        step()
        return execute(sql, params, many, context)

    commit = BaseDatabaseWrapper._commit

    def watched(self: Any) -> None:
        step()
        commit(self)
        step()

    BaseDatabaseWrapper._commit = watched
    with connection.execute_wrapper(count):
        yield
    BaseDatabaseWrapper._commit = commit


Work = Callable[[Street, str], Any]


def intake(street: Street, key: str) -> None:
    """Report it; reported again it is the same matter."""
    street.report(key)


def complete(street: Street, key: str) -> None:
    """Complete it, if nobody did."""
    if not found(key).completed:
        street.do_complete(found(key))


def unsolved(street: Street, key: str) -> None:
    """The resident's no, and the system's step back, if nobody heard it."""
    if found(key).stage == "completed":
        street.do_verdict(found(key))


def review(street: Street, key: str) -> None:
    """Review what is parked, if nobody did."""
    if not Parking.objects.get(matter=found(key)).reviews:
        actions.review_parking(found(key).pk, by=street.manager, result="keep", note="还没开工")


def unreviewed(street: Street, key: str) -> None:
    """Ring the review that nobody held, if that was not told yet."""
    row = Parking.objects.get(matter=found(key))
    if not row.missed:
        ring_review(row.pk, by=SYSTEM, at=now())


def merge(street: Street, key: str) -> None:
    """Merge a neighbour's urgent matter, due sooner, into this one, if nobody did."""
    if Matter.objects.filter(external_id=f"{key}-near", ended_at=None).exists():
        actions.act(found(f"{key}-near").pk, "merge", by=street.dispatcher, into=found(key).number)


def ring(street: Street, key: str) -> None:
    """Ring what is due."""
    actions.sweep()


def whistle(street: Street, key: str) -> None:
    """Whistle for two departments, if nobody did."""
    if not found(key).whistles:
        street.do_whistle(found(key))


def come(street: Street, key: str) -> None:
    """The last department comes, and the system's step after it, if it is still awaited."""
    if found(key).stage == "summoned":
        street.do_come(found(key), CALLED[1])


KILLED: dict[str, tuple[tuple[str, ...] | None, timedelta, Work]] = {
    # scenario: the steps before (None: not even reported), how much later, what is killed and done again
    "intake": (None, timedelta(), intake),
    "complete": (("dispatch", "accept"), timedelta(hours=1), complete),
    "unsolved": (("dispatch", "accept", "complete"), timedelta(hours=1), unsolved),
    "ring": (("dispatch",), timedelta(hours=25), ring),
    "review": (("dispatch", "accept", "park"), timedelta(days=1), review),
    "unreviewed": (("dispatch", "accept", "park"), timedelta(days=31), unreviewed),
    "merge": (("dispatch", "accept", "near"), timedelta(minutes=5), merge),
    "whistle": (("dispatch", "accept"), timedelta(hours=1), whistle),
    "come": (("dispatch", "accept", "whistle", "come"), timedelta(minutes=30), come),
}


def kill_everywhere(scenario: str, told: dict[str, Any]) -> None:
    """Kill before the first statement, the second … until a process lives to the end."""
    steps, later, work = KILLED[scenario]
    for number in range(1, MOST):
        key, at = f"{scenario}-{number}", START + timedelta(days=7 * number)

        def prepare(key: str = key, at: datetime = at) -> None:
            set_clock(lambda: at)
            actions.sweep()
            if steps is not None:
                Street(told).at(key, *steps)
            deliver(limit=500)

        def doomed(number: int = number, key: str = key, at: datetime = at) -> None:
            set_clock(lambda: at + later)
            with killed_at(number):
                work(Street(told), key)
                if scenario == "intake":  # once is enough for the outbox: its own kill tests stand beside it
                    deliver(limit=500)

        def successor(key: str = key, at: datetime = at) -> dict[str, Any]:
            set_clock(lambda: at + later + timedelta(minutes=2))
            work(Street(told), key)
            return say(key)

        in_a_fork(prepare)
        ended_by, _ = in_a_fork(doomed)
        _, seen = in_a_fork(successor)
        tell({"number": number, "killed": ended_by == signal.SIGKILL} | seen)
        if not ended_by:
            return
    raise SystemExit("no process lived to the end")


def tell(line: dict[str, Any]) -> None:
    """One line to whoever reads."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def stage() -> dict[str, Any]:
    """An installation with the street laid out; what its children need."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    told = lay_out()
    Street(told).at("warm", "dispatch")
    connection.close()  # children inherit what was read, never the connection
    return told


def main(*scenarios: str) -> None:
    """Play each scenario, its name before its lines."""
    told = stage()
    for scenario in scenarios:
        tell({"scenario": scenario})
        kill_everywhere(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
