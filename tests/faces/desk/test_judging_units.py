"""A community rates the units that came: of several that were whistled for, the form asks which one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faces.desk.conftest import Enter, open_accounts
from tests.faces.desk.test_matter import page_of, take
from tests.matters import world as worlds
from tests.matters.world import World, in_hand, person
from youying.access.models import Unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.sheets import queries


@pytest.fixture
def world(at: Callable[[str], Any], db: None) -> World:
    """The street under whistles, with two departments and the community's secretary."""
    clock = at("2026-11-16 09:30")
    made = worlds.build("m05")
    made.clock = clock
    for code, title in (("power", "供电公司"), ("garden", "园林所")):
        unit = Unit.objects.create(code=code, title=title, kind="department", reach=made.town)
        made.people[code] = person(title, "", "值班员", unit=unit)
    open_accounts(by=SYSTEM)
    return made


def came(world: World, *codes: str) -> Any:
    """A matter for which these were whistled, and came."""
    matter = in_hand(world)
    named = [world.people[code].unit_id for code in codes]
    actions.act(matter.pk, "whistle", by=world.leader, summoned=named, grade="emergency", note="请来现场")
    for code in codes:
        actions.act(matter.pk, "report-in", by=world.people[code], person="带班的赵工", note="到了")
    return matter


def test_of_several_units_one_is_named_and_judged(world: World, enter: Enter) -> None:
    matter, client = came(world, "power", "garden"), enter("secretary")
    form = page_of(client, matter, "acts/rate-unit/")
    assert "评的是哪一家" in form and "供电公司" in form and "满分 10" in form
    rated = {"sheet.came": "yes", "sheet.effort": "8"}
    assert take(client, matter, "rate-unit", **rated).status_code == 422
    garden = world.people["garden"].unit_id
    assert take(client, matter, "rate-unit", judged=garden, **rated).status_code == 302
    found = queries.average_points("unit-rating", [f"unit:{garden}", f"unit:{world.people['power'].unit_id}"])
    assert {about: one.mean for about, one in found.items()} == {f"unit:{garden}": 8}


def test_a_unit_is_judged_once_a_whistle_and_judges_the_whistle_once(world: World, enter: Enter) -> None:
    matter = came(world, "power", "garden")
    power, garden = (world.people[code] for code in ("power", "garden"))
    for one in (power, garden):
        actions.act(matter.pk, "rate-unit", by=world.secretary, sheet={"came": True, "effort": "8"}, judged=one.unit_id)
        actions.act(matter.pk, "rate-whistle", by=one, sheet={"needed": True, "clear": True})
    again = {"sheet.came": "no", "sheet.effort": "1", "judged": garden.unit_id}
    page = take(enter("secretary"), matter, "rate-unit", **again)
    assert page.status_code >= 400 and "这一次已经评过了" in page.content.decode()
    with pytest.raises(Refused, match="rated-already"):
        actions.act(matter.pk, "rate-whistle", by=power, sheet={"needed": False, "clear": False})
    about = f"unit:{garden.unit_id}"
    assert queries.average_points("unit-rating", [about])[about].mean == 8


def test_the_only_unit_need_not_be_named(world: World, enter: Enter) -> None:
    matter, client = came(world, "power"), enter("secretary")
    assert "评的是哪一家" not in page_of(client, matter, "acts/rate-unit/")
    assert take(client, matter, "rate-unit", **{"sheet.came": "yes", "sheet.effort": "9"}).status_code == 302
    unit = f"unit:{world.people['power'].unit_id}"
    assert queries.average_points("unit-rating", [unit])[unit].mean == 9
