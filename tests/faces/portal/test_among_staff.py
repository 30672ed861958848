"""What staff write about each other stays among staff: ratings, why nobody is awaited any longer, what a step notes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.faces.portal.test_pages import proved
from tests.faces.portal.test_privacy import page_of
from tests.matters.changing import change
from tests.matters.whistling import came, unit, whistle, whistle_street
from tests.matters.world import World, opened, photo
from youying.matters import actions
from youying.matters.actions import Opened

LATE, WAITED, DID = "来得太晚了，群众有意见", "供电联系不上，不等了", "已经约好电工周三上门"


def in_hand(world: World) -> Opened:
    """A demand that the property company has taken."""
    found = opened(world)
    given = {"unit": world.property_company.pk, "category": found.matter.category}
    actions.act(found.matter.pk, "dispatch", by=world.dispatcher, **given)
    actions.act(found.matter.pk, "accept", by=world.manager)
    return found


def came_and_rated(world: World) -> Opened:
    """A demand whose two whistled units came and rated, and were rated."""
    found = in_hand(world)
    matter = whistle(world, found.matter, "gongdian", "yuanlin")
    came(world, matter, "gongdian")
    actions.act(matter.pk, "answered", by=world.secretary, note=WAITED)
    judged: dict[str, Any] = {"judged": unit(world.people["gongdian"]), "sheet": {"came": False, "effort": "0"}}
    actions.act(matter.pk, "rate-unit", by=world.secretary, note=LATE, **judged)
    actions.act(matter.pk, "rate-whistle", by=world.people["gongdian"], sheet={"needed": True, "clear": False})
    return found


def test_no_rating_of_a_department_and_no_word_among_staff_is_read_by_the_resident(world: World, phone: Client) -> None:
    whistle_street(world)
    found = came_and_rated(world)
    proved(phone, found)
    before, papers = page_of(phone, found.matter.number), f"/m/{found.matter.number}/papers/"
    assert "补交缺的" not in before and LATE not in before and WAITED not in before
    assert before.count("<b>正在办</b>") == 1  # the step by which the work went on, and no rating
    page = phone.get(papers).content.decode()
    assert "现在没有要交的材料" in page
    assert not [said for said in ("按时到场", "办理成效", "得分", "确实需要我们来") if said in page]


@pytest.mark.parametrize("tells", [[], ["reporter"]])
def test_what_a_step_notes_is_read_only_where_the_pack_tells_the_reporter(
    world: World, phone: Client, tells: list[str]
) -> None:
    change(world, {"loop.demand.acts.step.tells": tells})
    found = in_hand(world)
    actions.act(found.matter.pk, "step", by=world.manager, note=DID)
    proved(phone, found)
    page = page_of(phone, found.matter.number)
    assert (DID in page) == bool(tells)
    assert "正在办" in page


def test_once_done_nobody_is_promised_to_call(world: World, phone: Client) -> None:
    found = in_hand(world)
    proved(phone, found)
    assert "有人联系您" in page_of(phone, found.matter.number)
    actions.act(found.matter.pk, "complete", by=world.manager, note="修好了", uploads=[photo(world.manager)])
    assert "有人联系您" not in page_of(phone, found.matter.number)
    actions.act(found.matter.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意", contacted=True)
    assert "有人联系您" not in page_of(phone, found.matter.number)
