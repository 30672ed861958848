"""Kills a process at every statement of a month sheet, a swap, a hand-over and a landing."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.matters.killing import KILLED, START, Street, found, in_a_fork, kill_everywhere, lay_out, tell  # sets up

from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip
from tests.matters import world as worlds
from tests.people.duty import SHANGHAI
from youying.access.models import Account, Post
from youying.kernel.moments import local, now, set_clock
from youying.kernel.viewers import Viewer
from youying.matters.models import Landing, Matter
from youying.matters.queries import duty
from youying.packs.source import library, with_value
from youying.people import actions
from youying.people.models import HandOver, Shift, Swap
from youying.record.models import Entry

HOURS = ["00:00-16:00", "16:00-20:00", "20:00-24:00"]
FIRST, SECOND = "韩树成", "郑明远"


def viewer(street: Street, name: str) -> Viewer:
    """One of the two who share the shifts."""
    key = Account.objects.get(name=name).pk
    return replace(street.duty, account_id=key, post_id=Post.objects.get(account_id=key).pk)


def sheet(street: Street, *names: str) -> None:
    """The two coming shifts of the day as a month sheet says them."""
    path = street.secretary.reach
    day = local(now(), SHANGHAI).date()
    lines = [["日期", *HOURS], [day, "", *names]]
    keeper = replace(street.secretary, powers=street.secretary.powers | {"rosters"})
    rules = duty.roster_in_force(path, "community", month=day)
    outcome = actions.import_month(rules, lines, month=day, by=keeper)
    assert outcome.refused == []


def two() -> list[Shift]:
    """The two shifts of the day."""
    rows = Shift.objects.filter(day=local(now(), SHANGHAI).date(), removed_at=None).select_related("account")
    return list(rows.order_by("begins_at"))


def do_night(street: Street, matter: Matter) -> None:
    """The day is planned, and the matter waits with the first of the two."""
    sheet(street, FIRST, SECOND)
    row = two()[0]
    Landing.objects.create(
        matter=matter, account_id=row.account_id, shift_id=row.pk, stage=matter.stage, at=now(), why="排的班"
    )


Street.do_night = do_night  # type: ignore[attr-defined]


def on_shift(*names: str) -> None:
    """Refuse to go on where the shifts are not with exactly these two."""
    assert [row.account.name for row in two() if row.account] == list(names)


def written(act: str) -> list[int]:
    """How many entries of an act each of the two shifts has."""
    return [Entry.objects.filter(subject=row.subject, act=act).count() for row in two()]


def again(street: Street, key: str) -> None:
    """Another sheet turns the two round."""
    sheet(street, SECOND, FIRST)
    on_shift(SECOND, FIRST)
    assert written("people.import-month") == [2, 2]


def swap(street: Street, key: str) -> None:
    """The first asks the second to swap, who says yes, each if nobody did."""
    give, back = two()
    asked = Swap.objects.filter(shift__in=(give, back)).first()
    if asked is None:
        taker = back.account_id or 0
        asked = actions.ask_swap(give.pk, taker=taker, in_return=back.pk, by=viewer(street, FIRST))
    if not asked.answer:
        actions.answer_swap(asked.pk, yes=True, by=viewer(street, SECOND))
    on_shift(SECOND, FIRST)
    assert (written("people.ask-swap"), written("people.answer-swap")) == ([1, 0], [1, 1])


def hand_over(street: Street, key: str) -> None:
    """The first hands over and the second takes it, each if nobody did."""
    row, after = two()
    note = HandOver.objects.filter(shift=row).first()
    if note is None:
        note = actions.write_hand_over(row.pk, note="水还没关", numbers=[found(key).number], by=viewer(street, FIRST))
    if note.read_at is None:
        actions.read_hand_over(row.pk, by=viewer(street, SECOND))
    assert (written("people.write-hand-over"), written("people.read-hand-over")) == ([1, 0], [1, 0])
    landing = Landing.objects.get(matter=found(key))
    assert (landing.account_id, landing.shift_id) == (after.account_id, after.pk)


def land(street: Street, key: str) -> None:
    """It is reported at night and lands with whoever holds the post; reported again it lands once."""
    street.report(key)
    landed = Landing.objects.get(matter=found(key))
    assert landed.account_id and landed.roster == "community", landed.why


MINE: dict[str, Any] = {
    "sheet": (("night",), timedelta(hours=1), again),
    "swap": (("night",), timedelta(hours=1), swap),
    "hand-over": (("night",), timedelta(hours=10), hand_over),
    "land": (None, timedelta(hours=12), land),
}


def people() -> None:
    """Two people share the shifts by a pack of one roster with an early and a late turn."""
    raw = with_value(library()["m03"], key="roster.community.hours", value=HOURS)
    path = Account.objects.get(name=FIRST).posts.get().reach
    worlds.person(SECOND, "duty-officer", "值班员", reach=path)
    worlds.adopt(raw, path)


def stage() -> dict[str, Any]:
    """The street with a roster."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    told = lay_out()
    set_clock(lambda: START + timedelta(seconds=1))
    people()
    set_clock(lambda: START + timedelta(minutes=1))
    Street(told).at("warm", "night")
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
