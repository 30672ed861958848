"""The record of a matter names what was asked for and what was said yes or no to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.test_matter import page_of
from tests.matters.changing import HOLD, change
from tests.matters.world import in_hand
from youying.matters import actions
from youying.matters.models import Ask


@pytest.fixture
def matter(world):
    """A matter in hand where a pause needs the dispatcher's yes."""
    change(world, HOLD)
    return in_hand(world)


def test_a_step_that_is_asked_for_and_refused_is_named_each_time(world, enter, matter):
    actions.act(matter.pk, "hold", by=world.manager, reason="resident", note="下雨")
    actions.refuse(Ask.objects.get(answer="").pk, by=world.dispatcher, note="雨停了")
    story = page_of(enter("dispatcher"), matter)
    assert "申请“暂停计时”，等答复" in story and "不同意“暂停计时”" in story


def test_more_time_that_is_asked_for_and_given_or_not_is_named_by_its_deadline(world, enter, matter):
    for answer in ("refuse", "approve"):
        said = {"clock": "complete", "reason": "conditions", "note": "要挖开路面"}
        ask = actions.ask_extension(matter.pk, by=world.manager, **said)
        getattr(actions, answer)(ask.pk, by=world.dispatcher, note="看过了")
    story = page_of(enter("dispatcher"), matter)
    for said in ("申请“办结”延期，等答复", "不同意“办结”延期", "同意“办结”延期"):
        assert said in story


def test_a_refusal_without_a_word_names_the_field_that_it_lacks(world, enter, matter):
    actions.act(matter.pk, "hold", by=world.manager, reason="resident", note="下雨")
    address = reverse("desk:answer-ask", args=[Ask.objects.get(answer="").pk])
    answer = enter("dispatcher").post(address, {"answer": "refuse", "note": ""}, follow=True)
    assert "不同意的理由还没有填" in answer.content.decode()
