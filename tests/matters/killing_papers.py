"""Kills a process at every statement of a step that fills in a sheet, and of an intake that brings one."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from tests.matters.killing import KILLED, START, Street, found, in_a_fork, kill_everywhere, lay_out, tell  # sets up

from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip
from tests.matters import killing
from tests.matters import world as worlds
from tests.sheets.forms import items, raw_with
from youying.kernel.moments import set_clock
from youying.matters import actions
from youying.packs.source import with_value
from youying.sheets.models import FilledSheet

TABLE = items("what", effort={"title": "成效", "type": "number", "points": 10, "must": False})
RATE = {"verb": "step", "title": "评单位", "from": ["in-hand"], "by": ["secretary"], "needs": ["sheet:survey"]}


def papers(key: str) -> Any:
    """The sheets filled in for a matter."""
    return FilledSheet.objects.filter(subject=found(key).subject)


def rate(street: Street, key: str) -> None:
    """Fill in the sheet about the unit, if nobody did."""
    if not papers(key).filter(act="rate-unit").exists():
        sheet = {"what": "来得及时", "effort": 8}
        actions.act(found(key).pk, "rate-unit", by=street.secretary, sheet=sheet)


def bring(street: Street, key: str) -> None:
    """Report it with a sheet; reported again it is the same matter with the same sheet."""
    street.report(key, sheet={"what": "办继承过户"})


MINE: dict[str, Any] = {
    "rate": (("dispatch", "accept"), timedelta(hours=1), rate),
    "bring": (None, timedelta(), bring),
}
say_of_matters = killing.say


def say(key: str) -> dict[str, Any]:
    """What holds of the matter, and the sheets that it has."""
    return say_of_matters(key) | {"sheets": list(papers(key).order_by("pk").values_list("act", flat=True))}


def stage() -> dict[str, Any]:
    """The street with a pack whose demands have a sheet, by which the secretary rates the unit too."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    told = lay_out()
    raw = raw_with(TABLE)
    for name, value in {"loop.demand.sheet": "survey", "loop.demand.acts.rate-unit": RATE}.items():
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
    killing.say = say
    told = stage()
    for scenario in scenarios:
        tell({"scenario": scenario})
        kill_everywhere(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
