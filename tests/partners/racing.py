"""Processes that meet at the last of a month, and processes killed before every statement; JSON lines for the test.

Run as a module in an installation of its own: the orders lie in the outer process's database.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.matters.killing import START, in_a_fork, killed_at, tell  # sets Django up
from tests.matters.racing import both_at_once

from django.core.management import call_command  # isort: skip
from django.db import connection

from tests.matters import world as worlds
from tests.partners import street as streets
from youying.access.models import Account, Post
from youying.access.queries import viewer_of
from youying.funds.models import Booking, Purse
from youying.insight.queries import recount_differences
from youying.kernel.moments import set_clock
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Matter, Reporter
from youying.matters.replaying import differences
from youying.partners.models import Match, Offer, OfferMonth, Wish
from youying.partners.wish_rules import WishIn
from youying.places.placing import place_of
from youying.record.queries import verify

MOST = 200
AT = START + timedelta(days=3)


class Moving:
    """The clock of the street as its maker asks for it."""

    def forward(self, **_by: int) -> None:
        """Time stands still here."""


def lay_out() -> dict[str, Any]:
    """The street with partners; what a child needs to find it again."""
    set_clock(lambda: START)
    world = worlds.build()
    world.clock = Moving()
    day = START.date()
    streets.SIGNED, streets.UNTIL = day, day + timedelta(days=300)
    made = streets.build(world, streets.paying())
    entry = streets.helper(world)
    said = {"items": ("haircut",), "who": "volunteer", "what": "理发", "entry_id": entry.pk, "capacity": 2}
    people = {"secretary": made.secretary, "dispatcher": world.dispatcher, "volunteer": made.volunteer}
    return {
        "people": {name: viewer.post_id for name, viewer in people.items()},
        "building": world.place.building_id,
        "haircut": made.haircut.pk,
        "hers": streets.offer(world, made.team, **said).pk,
    }


def person(told: dict[str, Any], name: str) -> Viewer:
    """One of the people, read anew in this process."""
    post = Post.objects.select_related("account", "unit").get(pk=told["people"][name])
    assert isinstance(post.account, Account)
    return viewer_of(post)


def order(told: dict[str, Any], key: str) -> Matter:
    """The order of this key; ordered again it is the same."""
    need = NeedIn(kind="", text="", channel="wechat", external_id=key, reporters=(ReporterIn("陈桂芳", "13800000417"),))
    wish = WishIn("service", "haircut", declared={"age": "80"})
    place = place_of(building_id=told["building"])
    return actions.order(need, wish, place=place, by=person(told, "dispatcher")).matter


def found(key: str) -> Matter:
    """The order as it stands."""
    return Matter.objects.get(external_id=key)


def send(told: dict[str, Any], key: str) -> None:
    """Give it to the volunteers."""
    actions.act(order(told, key).pk, "dispatch", by=person(told, "secretary"), offer=told["haircut"])


def send_her(told: dict[str, Any], key: str) -> None:
    """Give it to the helper who has a purse of points."""
    actions.act(order(told, key).pk, "dispatch", by=person(told, "secretary"), offer=told["hers"])


def deliver(told: dict[str, Any], key: str) -> None:
    """Say that it is done."""
    actions.act(found(key).pk, "deliver", by=person(told, "volunteer"), note="理好了")


def rate(told: dict[str, Any], key: str) -> Any:
    """The resident is content, if nobody heard it yet; whoever came has the points with it."""
    row = found(key)
    if row.stage != "served":
        return None
    teller = Viewer(kind="reporter", reporter_of=row.pk, reporter_id=Reporter.objects.get(matter=row).pk)
    return actions.act(row.pk, "verdict", by=teller, solved=True, satisfaction="满意")


def accept(told: dict[str, Any], key: str) -> Any:
    """Take it, if nobody did."""
    if found(key).stage == "dispatched":
        return actions.act(found(key).pk, "accept", by=person(told, "volunteer"))
    return None


def decline(told: dict[str, Any], key: str) -> Any:
    """Hand it back after all, if it is still in hand."""
    if found(key).stage == "accepted":
        return actions.act(found(key).pk, "decline", by=person(told, "volunteer"), reason="no-answer")
    return None


def say(*keys: str) -> dict[str, Any]:
    """What stands in the database of these orders."""
    matters = [found(key) for key in keys]
    subjects = [matter.subject for matter in matters]
    return {
        "stages": sorted(matter.stage for matter in matters),
        "wishes": Wish.objects.filter(subject__in=subjects).count(),
        "matches": sorted(Match.objects.filter(subject__in=subjects).values_list("outcome", flat=True)),
        "taken": sum(OfferMonth.objects.values_list("taken", flat=True)),
        "paid": Booking.objects.filter(cause__in=subjects).count(),
        "even": not sum(Purse.objects.values_list("balance", flat=True)),
        "accepted": Match.objects.filter(month__isnull=False).exclude(outcome="declined").count(),
        "replays": all(differences(matter) == {} for matter in matters),
        "tallies": recount_differences() == [],
        "whole": verify().ok,
    }


def race_for_the_last(told: dict[str, Any]) -> None:
    """Two orders, one place left in the month, two who accept at one moment."""
    keys = ("last-1", "last-2")

    def prepare() -> None:
        set_clock(lambda: AT)
        for key in keys:
            send(told, key)
        OfferMonth.objects.create(offer_id=told["haircut"], month=AT.date().replace(day=1), capacity=1)

    def meet() -> list[str]:
        set_clock(lambda: AT)
        works = [lambda key=key: accept(told, key) for key in keys]
        connection.close()
        return both_at_once(works, AT)

    def see() -> dict[str, Any]:
        set_clock(lambda: AT)
        return say(*keys)

    in_a_fork(prepare)
    _, outcomes = in_a_fork(meet)
    _, seen = in_a_fork(see)
    tell({"scenario": "last-of-a-month", "outcomes": sorted(outcomes)} | seen)


def race_to_rate(told: dict[str, Any]) -> None:
    """One order, served; two windows in which the resident rates it at one moment."""
    key = "twice"

    def prepare() -> None:
        set_clock(lambda: AT)
        for step in (send_her, accept, deliver):
            step(told, key)

    def meet() -> list[str]:
        set_clock(lambda: AT)
        row = found(key)
        teller = Viewer(kind="reporter", reporter_of=row.pk, reporter_id=Reporter.objects.get(matter=row).pk)
        said = {"by": teller, "solved": True, "satisfaction": "满意"}
        works = [lambda: actions.act(row.pk, "verdict", **said)] * 2
        connection.close()
        return both_at_once(works, AT)

    def see() -> dict[str, Any]:
        set_clock(lambda: AT)
        return say(key)

    in_a_fork(prepare)
    _, outcomes = in_a_fork(meet)
    _, seen = in_a_fork(see)
    tell({"scenario": "rated-at-once", "outcomes": sorted(outcomes)} | seen)


KILLED: dict[str, tuple[tuple[Callable[[dict[str, Any], str], Any], ...], Callable[[dict[str, Any], str], Any]]] = {
    "order": ((), order),
    "accept": ((send,), accept),
    "decline": ((send, accept), decline),
    "rate": ((send_her, accept, deliver), rate),
}
"""Scenario → the steps before, and the one that is killed and done again."""


def kill_everywhere(told: dict[str, Any], scenario: str) -> None:
    """Kill before the first statement, the second … until a process lives to the end; each in a month of its own."""
    before, work = KILLED[scenario]
    for number in range(1, MOST):
        key, at = f"{scenario}-{number}", AT + timedelta(days=number % 200)

        def prepare(key: str = key, at: Any = at) -> None:
            set_clock(lambda: at)
            Offer.objects.update(capacity=9000)
            OfferMonth.objects.update(capacity=9000)
            for step in before:
                step(told, key)

        def doomed(number: int = number, key: str = key, at: Any = at) -> None:
            set_clock(lambda: at)
            with killed_at(number):
                work(told, key)

        def successor(key: str = key, at: Any = at) -> dict[str, Any]:
            set_clock(lambda: at)
            work(told, key)
            return say(key)

        in_a_fork(prepare)
        ended_by, _ = in_a_fork(doomed)
        _, seen = in_a_fork(successor)
        tell({"scenario": scenario, "killed": ended_by == signal.SIGKILL} | seen)
        if not ended_by:
            return
    raise SystemExit("no process lived to the end")


def main() -> None:
    """The race, then every scenario."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    _, told = in_a_fork(lay_out)
    connection.close()
    race_for_the_last(told)
    race_to_rate(told)
    for scenario in KILLED:
        kill_everywhere(told, scenario)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
