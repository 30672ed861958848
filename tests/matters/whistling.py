"""The street of the whistle tests: a place that follows the whistle pack, with departments that can be called."""

from __future__ import annotations

from typing import Any

from tests.matters.changing import change
from tests.matters.world import World, in_hand, person
from youying.access.models import Unit
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.models import Ask, Matter

STREETS_CANNOT, EMERGENCY, JOINT = "streets-cannot", "emergency", "joint-enforcement"
NOTE = "树枝压着电线，街道自己解决不了，请来现场一起看。"
CAME = {"person": "带班的赵工", "note": "到了现场，先拉警戒线。"}


def whistle_street(world: World, said: dict[str, Any] | None = None, *, gone: tuple[str, ...] = ()) -> World:
    """The street follows the whistle pack from now on, and five units of the county can be called."""
    change(world, said, gone=gone, code="m05")
    if not Unit.objects.filter(code="gongdian").exists():
        county = world.town.rpartition("/")[0]
        for code, title in (("gongdian", "区供电公司"), ("yuanlin", "区园林局"), ("chengguan", "区城管局"),
                            ("shuiwu", "区水务局"), ("xiaofang", "区消防队")):  # fmt: skip
            unit = Unit.objects.create(code=code, title=title, kind="department", reach=county)
            world.people[code] = person(title[1:] + "值班员", "", "值班员", unit=unit)
        team = Unit.objects.create(code="qinghe", title="清荷志愿队", kind="volunteer-team", reach=world.community)
        world.people["volunteer"] = person("罗小雨", "", "志愿者", unit=team)
        world.people["elder"] = person("梁伯", "building-leader", "楼栋长", reach=world.place.place_path)
    return world


def unit(viewer: Viewer) -> int:
    """The unit in which somebody works."""
    assert viewer.unit_id is not None
    return viewer.unit_id


def whistled(world: World, *codes: str, grade: str = STREETS_CANNOT, by: str = "leader") -> Matter:
    """A matter for which the street leader has whistled for these units."""
    matter = in_hand(world)
    return whistle(world, matter, *codes, grade=grade, by=by)


def whistle(world: World, matter: Matter, *codes: str, grade: str = STREETS_CANNOT, by: str = "leader") -> Matter:
    """Whistle for these units on a matter."""
    named = [unit(world.people[code]) for code in codes]
    return actions.act(matter.pk, "whistle", by=world.people[by], summoned=named, grade=grade, note=NOTE)


def came(world: World, matter: Matter, code: str, **more: Any) -> Matter:
    """A unit is there."""
    return actions.act(matter.pk, "report-in", by=world.people[code], **CAME, **more)


def the_ask(matter: Matter) -> Ask:
    """The one open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="")
