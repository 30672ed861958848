"""Kills a process at every statement of dropping a part and of giving one to another unit."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from tests.matters.killing import KILLED, START, Street, found, in_a_fork, kill_everywhere, lay_out, tell  # sets up

from django.core.management import call_command  # isort: skip
from django.db import connection  # isort: skip
from tests.matters import killing
from tests.matters import world as worlds
from youying.kernel.moments import set_clock
from youying.matters import actions
from youying.matters.models import Matter, Part
from youying.matters.replaying import differences

FIRST, SECOND = "先拉警戒线、断电", "再修剪大枝"


def parts_of(key: str) -> Any:
    """The parts of a matter, in the order in which they were listed."""
    return Part.objects.filter(matter=found(key)).order_by("pk")


def do_divide(street: Street, matter: Matter) -> Any:
    """The secretary meets on the spot and divides it into two stages, one after the other."""
    stages = [{"title": FIRST, "unit": street.company}, {"title": SECOND, "unit": street.company, "after": [FIRST]}]
    said = {"place": "杏林小区门口", "person": "供电公司赵工", "note": "分两段办"}
    token = worlds.photo(street.secretary)
    return actions.act(matter.pk, "meet", by=street.secretary, uploads=[token], parts=stages, **said)


def drop(street: Street, key: str) -> None:
    """Drop the first stage, if nobody did; the second begins by that."""
    row = parts_of(key).get(title=FIRST)
    if row.state == "running":
        actions.drop_part(found(key).pk, row.code, by=street.secretary, note="已经断过电了")


def give(street: Street, key: str) -> None:
    """Give the first stage to the community itself, if nobody did."""
    row = parts_of(key).filter(title=FIRST).latest("pk")
    if row.unit_id == street.company:
        unit = street.secretary.unit_id
        assert unit is not None
        actions.give_part(found(key).pk, row.code, by=street.secretary, unit=unit, note="物业人手不够")


MINE: dict[str, Any] = {
    "drop": (("dispatch", "accept", "divide"), timedelta(hours=1), drop),
    "give": (("dispatch", "accept", "divide"), timedelta(hours=1), give),
}
say_of_matters = killing.say


def say(key: str) -> dict[str, Any]:
    """What holds of the whole, and how its parts and what they became stand."""
    rows = list(parts_of(key).select_related("child"))
    children = [row.child for row in rows if row.child]
    return say_of_matters(key) | {
        "parts": [[row.title, row.state, row.child_id is not None] for row in rows],
        "children": Matter.objects.filter(parent=found(key)).count(),
        "ended": [child.ended_at is not None for child in children],
        "parts_replay": all(differences(child) == {} for child in children),
    }


def main(*scenarios: str) -> None:
    """Play each scenario, its name before its lines."""
    KILLED.update(MINE)
    killing.say, Street.do_divide = say, do_divide  # type: ignore[attr-defined]
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    told = lay_out()
    set_clock(lambda: START + timedelta(minutes=1))
    Street(told).at("warm", "dispatch", "accept", "divide")
    connection.close()
    for scenario in scenarios:
        tell({"scenario": scenario})
        kill_everywhere(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
