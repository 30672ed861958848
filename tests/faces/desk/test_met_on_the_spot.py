"""A meeting on the spot over HTTP: where, who came and how it looked stand in the record afterwards."""

from __future__ import annotations

from tests.faces.desk.test_matter import now_of, page_of, picture, take
from tests.matters.changing import change
from tests.matters.test_consultation import MEET
from tests.matters.world import opened
from youying.files.models import Upload

SPOT = {**MEET, "loop.demand.acts.meet": {**MEET["loop.demand.acts.meet"], "needs": ["place", "person"]}}


def test_place_people_and_photos_of_a_meeting_are_kept_and_shown(world, enter):
    change(world, SPOT)
    matter, client = opened(world).matter, enter("leader")
    assert 'name="uploads"' in page_of(client, matter, "acts/meet/")
    said = {"place": "3号楼北墙根", "person": "林晓禾、董建平", "uploads": picture()}
    answer = take(client, matter, "meet", **said)
    assert answer.status_code == 302, answer.content.decode()
    assert now_of(matter).sessions == 1
    shown = page_of(enter("leader"), matter)
    assert "地点：3号楼北墙根" in shown and "到场：林晓禾、董建平" in shown
    assert Upload.objects.filter(subject=matter.subject).exists()
