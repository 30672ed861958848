"""Kills the merge of two person files before every statement and around every commit; JSON lines.

Run as a module in an installation of its own. A successor looks first whether it is done.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.matters.killing import START, in_a_fork, killed_at, tell  # sets Django up

from django.core.management import call_command  # isort: skip
from django.db import connection

from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import ADMIN, build_town, viewer
from youying.kernel.moments import set_clock
from youying.kernel.viewers import Viewer
from youying.people import actions
from youying.people.models import Consent, Membership, Person, RegisterEntry
from youying.people.register_rules import Consented, Listed
from youying.places.actions import add_homes
from youying.record.queries import story, verify

MOST = 120


@dataclass(frozen=True)
class Street:
    """What a child needs: where it is."""

    community: str
    building: str

    @property
    def secretary(self) -> Viewer:
        """Who lists and merges."""
        return replace(viewer(self.community, "view", "places", "intake"), post_code="secretary")


def phones(number: int) -> tuple[str, str]:
    """The two telephones of the person of that number."""
    return (f"1390001{number:04d}", f"1390002{number:04d}")


def prepare(at: Street, number: int) -> None:
    """Somebody is listed, consents and lives there, twice, a minute apart."""
    set_clock(lambda: START)
    by = at.secretary
    home = add_homes(at.building, homes=[(1, 1, f"{number}")], by=ADMIN)[0]
    for place, phone in enumerate(phones(number)):
        when = START + timedelta(minutes=2 * number + place)
        set_clock(lambda when=when: when)
        entry = actions.enter(
            "volunteer", by=by, edition=edition(), path=at.building, class_code="resident",
            listed=Listed(name="陈桂芳", phone=phone), consents=[Consented(one, "oral") for one in ("keep", "show")[: 1 + place]],
        )  # fmt: skip
        since = date(2026, 5 - place, 1)
        actions.move_in(entry.person_id, home_id=home.pk, role="head", since=since, by=by)


def both(number: int) -> list[Person]:
    """The two files of that number, the older first."""
    return list(Person.objects.order_by("made_at", "pk")[2 * number - 2 : 2 * number])


def merge(at: Street, number: int) -> None:
    """Merge them, if nobody did."""
    set_clock(lambda: START + timedelta(days=1))
    older, double = both(number)
    if double.merged_into_id is None:
        actions.merge_persons(older.pk, double.pk, by=at.secretary, reason="本人说明")


def seen(number: int) -> dict[str, Any]:
    """What stands of them."""
    older, double = both(number)
    entries = RegisterEntry.objects.filter(person=older).order_by("pk")
    return {
        "pointer": double.merged_into_id == older.pk,
        "entries": [[row.left_reason, row.key == older.subject] for row in entries],
        "consents": sorted(
            Consent.objects.filter(entry__person=older, withdrawn_at=None).values_list("purpose", flat=True)
        ),
        "since": [str(one.since) for one in Membership.objects.filter(person=older)],
        "left_behind": Membership.objects.filter(person=double).count(),
        "told": [[entry.act for entry in story(row.subject)][-1] for row in (older, double)],
        "merges": sum(entry.act == "people.merge" for row in (older, double) for entry in story(row.subject)),
    }


def kill_everywhere(at: Street) -> None:
    """Kill before the first statement, the second … until a process lives to the end."""
    for number in range(1, MOST):

        def doomed(number: int = number) -> None:
            with killed_at(number):
                merge(at, number)

        def successor(number: int = number) -> dict[str, Any]:
            merge(at, number)
            return seen(number) | {"whole": verify().ok}

        in_a_fork(lambda number=number: prepare(at, number))
        ended_by, _ = in_a_fork(doomed)
        _, said = in_a_fork(successor)
        tell({"killed": ended_by == signal.SIGKILL} | said)
        if not ended_by:
            return
    raise SystemExit("no process lived to the end")


def main() -> None:
    """Lay the town out and kill."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    set_clock(lambda: START)
    town = build_town()
    adopt("m35", town.town.path)
    at = Street(town.community.path, town.building.path)
    connection.close()  # children inherit what was read, never the connection
    kill_everywhere(at)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
