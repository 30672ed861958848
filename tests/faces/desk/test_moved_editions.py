"""A matter moved to another edition: every page and paper of it still opens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from tests.matters.changing import change, parked, without_parking
from tests.matters.world import CATEGORY, opened
from youying.access.models import Post
from youying.matters import actions

DESK = ("", "story/", "acts/accept/", "acts/ask-extension/", "print/", "order.pdf")


@pytest.mark.parametrize("clock", ["contact", "complete"])
def test_after_a_move_that_drops_a_clock_desk_print_paper_and_the_residents_page_open(world, enter, clock):
    found = opened(world)
    number = found.matter.number
    actions.act(found.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    change(world, gone=(f"loop.demand.clocks.{clock}",))
    packer = replace(world.dispatcher, powers=frozenset({"packs"}))
    actions.move_edition(found.matter.pk, by=packer, note="换新版本")
    client, phone = enter("manager"), Client()
    answers = {more: client.get(f"/desk/matters/{number}/{more}").status_code for more in DESK}
    may_extend = 200 if clock == "contact" else 422  # the deadline that went is no longer there to be extended
    assert answers == dict.fromkeys(DESK, 200) | {"acts/ask-extension/": may_extend}
    page = phone.post("/progress/", {"number": number, "secret": found.secret}, follow=True)
    assert (page.status_code, number in page.content.decode()) == (200, True)


def test_a_matter_in_a_stage_that_is_gone_is_moved_by_naming_one_of_the_new_stages(world, enter):
    Post.objects.filter(pk=world.dispatcher.post_id).update(powers=["view", "packs"])
    matter, client = parked(world), enter("dispatcher")
    without_parking(world)
    address = f"/desk/matters/{matter.number}/acts/move-edition/"
    page = client.get(address).content.decode()
    assert "到新版本的哪个阶段" in page and 'value="in-hand"' in page and 'value="crossed-off"' not in page
    form = {"version": matter.version, "note": "新版本不再挂账"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, {**form, "stage": "in-hand"}).status_code == 302
    matter.refresh_from_db()
    assert (matter.stage, matter.edition_id) == ("in-hand", world.edition.digest)
