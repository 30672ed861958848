"""Nobody is told that it is done while a part is open: not by the pack of the library, not by a town's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matters.jointly import child
from tests.matters.whistling import whistle_street
from tests.matters.world import CATEGORY, World, adopt, opened, photo
from youying import stories
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Matter
from youying.packs.source import read_pack

TOWNS_OWN = Path(stories.__file__).parent / "local" / "dengshi.toml"
NOTE = "都看过了，住户也在场。"


def divided_by_a_meeting(world: World) -> Matter:
    """A demand in hand that a meeting on the spot divided into two parts."""
    whole = opened(world).matter
    actions.act(whole.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    actions.act(whole.pk, "accept", by=world.secretary)
    unit = world.property_company.pk
    parts = [{"title": "清掉旧家具", "unit": unit}, {"title": "装上门吸", "unit": unit}]
    given = {"place": "楼前空地", "person": "社区和物业", "uploads": [photo(world.secretary)], "parts": parts}
    return actions.act(whole.pk, "meet", by=world.secretary, note="当场分了两段。", **given)


@pytest.mark.parametrize("towns_own", [False, True])
def test_what_a_meeting_divided_is_completed_only_once_every_part_is_done(world: World, towns_own: bool) -> None:
    whistle_street(world)
    if towns_own:
        world.clock.forward(seconds=1)
        adopt(read_pack(TOWNS_OWN), world.town)
    whole = divided_by_a_meeting(world)
    done = {"note": NOTE, "uploads": [photo(world.secretary)]}
    with pytest.raises(Refused, match="needs-parts") as refused:
        actions.act(whole.pk, "complete", by=world.secretary, **done)
    assert "还有子任务没有办完" in refused.value.say
    for code in ("p1", "p2"):
        below = child(whole, code)
        actions.act(below.pk, "complete", by=world.manager, **{**done, "uploads": [photo(world.manager)]})
        actions.act(below.pk, "recheck", by=world.secretary, passed=True)
    assert queries.progress(Matter.objects.get(pk=whole.pk)).done == 2
    assert actions.act(whole.pk, "complete", by=world.secretary, **done).waiting
