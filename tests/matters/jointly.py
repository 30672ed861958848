"""The street of the tests of joint service: a window of the county, a notary, a registry, two tax offices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.matters.changing import change
from tests.matters.world import World, need, person, photo
from youying.access.models import Unit
from youying.kernel.viewers import Viewer
from youying.matters import actions, queries
from youying.matters.actions import Opened, ReporterIn
from youying.matters.models import Matter, Part

ASKED = "父亲留下的一套房要过户到我名下，请一次办齐公证、税务和登记。"
BODIES = {"notary": "云川公证处", "registry": "柳湾不动产登记中心", "tax": "柳湾税务局"}


def joint_street(world: World, said: dict[str, Any] | None = None, *, gone: tuple[str, ...] = ()) -> World:
    """The street follows the pack of joint service from now on; each body has one person at its counter."""
    change(world, said, gone=gone, code="m33")
    if not Unit.objects.filter(code="notary").exists():
        county = world.town.rpartition("/")[0]
        for kind, title in BODIES.items():
            unit = Unit.objects.create(code=kind, title=title, kind=kind, reach=county)
            world.people[kind] = person(f"{title}窗口", "", "窗口人员", unit=unit)
        world.people["window"] = person("沈知秋", "window", "综合窗口", reach=county)
    return world


def unit(viewer: Viewer) -> int:
    """The unit in which somebody works."""
    assert viewer.unit_id is not None
    return viewer.unit_id


def papers(world: World, *without: str) -> dict[str, Any]:
    """What the applicant hands in; a paper that is missing is left out."""
    files = {"id": [photo(world.window)], "deed": [photo(world.window)]}
    return {name: value for name, value in files.items() if name not in without}


def applied(world: World) -> Opened:
    """A property transfer just asked for."""
    person_in = ReporterIn("陈桂芳", "13800000417")
    wanted = need(kind="application", text=ASKED, channel="walk-in", category="", urgency="", reporters=(person_in,))
    return actions.open_matter(wanted, place=world.place, by=world.window)


def accepted(world: World) -> Matter:
    """One that the window has taken with every paper."""
    return actions.act(applied(world).matter.pk, "accept", by=world.window, papers=papers(world))


def forwarded(world: World, matter: Matter | None = None, **more: Any) -> Matter:
    """One that has gone to the bodies: the notary leads, tax and registry help."""
    matter = matter or accepted(world)
    data = {"unit": unit(world.notary), "joint": [unit(world.tax), unit(world.registry)], **more}
    return actions.act(matter.pk, "forward", by=world.window, **data)


def part(matter: Matter, code: str) -> Part:
    """The part of a whole that counts under this code."""
    return Part.objects.filter(matter=matter, code=code).order_by("pk").last()


def child(matter: Matter, code: str) -> Matter:
    """The matter that a part has become."""
    found = part(matter, code).child
    assert found is not None
    return Matter.objects.get(pk=found.pk)


def do_part(world: World, matter: Matter, code: str) -> Matter:
    """A body does its part, and the window takes it over; the whole as it then stands."""
    below = child(matter, code)
    by = next(one for one in (world.notary, world.tax, world.registry) if one.unit_id == below.lead_id)
    actions.act(below.pk, "complete", by=by, note="已经办好，结果交窗口")
    actions.act(below.pk, "recheck", by=world.window, passed=True)
    return Matter.objects.get(pk=matter.pk)


def states(matter: Matter) -> dict[str, str]:
    """What has become of each part."""
    return {line.code: line.state for line in queries.progress(matter).lines}


def all_done(world: World, matter: Matter) -> Matter:
    """Every part done, in order."""
    for code in ("notarise", "assess-tax", "pay-tax", "register-deed"):
        world.clock.forward(seconds=int(timedelta(hours=1).total_seconds()))
        matter = do_part(world, matter, code)
    return matter
