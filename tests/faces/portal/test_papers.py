"""Papers on the portal: the applicant sees what was handed in and supplies what lacks; nobody else's papers are shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.faces.desk.test_matter import picture
from tests.matters.changing import change
from tests.matters.world import World, need
from tests.sheets.forms import items
from youying.matters import actions
from youying.matters.actions import Opened
from youying.matters.models import Matter
from youying.sheets import queries
from youying.sheets.models import FilledSheet

DEAL = items("what", "deed", card={"title": "身份证号", "mask": True})


def apply(world: World, *, by: list[str]) -> Opened:
    """An application that was taken in with one paper missing, which these may supply."""
    supply = {"verb": "step", "title": "补交材料", "from": ["received"], "by": by, "needs": ["papers"]}
    said = {"sheet.deal": {"title": "一次收齐材料", "items": DEAL}, "loop.demand.sheet": "deal"}
    change(world, said | {"loop.demand.acts.supply": supply})
    sent = need(sheet={"what": "继承过户", "card": "990101200001010010"})
    return actions.open_matter(sent, place=world.place, by=world.dispatcher)


@pytest.fixture
def asked(world: World) -> Opened:
    """One whose applicant may supply what lacks."""
    return apply(world, by=["reporter", "dispatcher"])


def known(phone: Client, opened: Opened) -> Client:
    phone.post("/progress/", {"number": opened.matter.number, "secret": opened.secret})
    return phone


def address(opened: Opened) -> str:
    return f"/m/{opened.matter.number}/papers/"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_applicant_sees_what_is_there_masked_and_what_lacks(phone: Client, asked: Opened) -> None:
    client = known(phone, asked)
    assert "补交缺的" in body(client.get(f"/m/{asked.matter.number}/"))
    page = body(client.get(address(asked)))
    for said in ("一次收齐材料", "继承过户", "还缺：产权证", "已填，不显示", 'name="sheet.deed"'):
        assert said in page
    assert "990101200001010010" not in page and 'name="sheet.what"' not in page


def test_the_applicant_supplies_what_lacks(world: World, phone: Client, asked: Opened) -> None:
    client = known(phone, asked)
    empty = client.post(address(asked), {"step": "supply"})
    assert empty.status_code == 422 and "请附上“产权证”" in body(empty)
    assert client.post(address(asked), {"step": "supply", "sheet.deed": picture()}).status_code == 302
    view = queries.filled(world.dispatcher, asked.matter.subject)[-1]
    assert (view.by_kind, view.act, view.lacking) == ("reporter", "supply", ())
    assert "还缺" not in body(client.get(address(asked)))


def test_a_stranger_is_asked_for_the_secret(phone: Client, asked: Opened) -> None:
    answer = phone.post(address(asked), {"step": "supply", "sheet.deed": picture()})
    assert answer.status_code == 302 and "/progress/" in answer["Location"]
    assert FilledSheet.objects.count() == 1


def test_a_step_that_is_not_the_applicants_is_not_taken_here(world: World, phone: Client) -> None:
    asked = apply(world, by=["dispatcher"])
    client = known(phone, asked)
    assert "交材料</button>" not in body(client.get(address(asked)))
    assert client.post(address(asked), {"step": "supply", "sheet.deed": picture()}).status_code == 200
    assert FilledSheet.objects.count() == 1


def test_papers_of_several_reporters_are_shown_to_none_of_them(world: World, phone: Client, asked: Opened) -> None:
    Matter.objects.filter(pk=asked.matter.pk).update(reporter_count=2)
    client = known(phone, asked)
    assert "补交缺的" not in body(client.get(f"/m/{asked.matter.number}/"))
    assert client.get(address(asked)).status_code == 302


def test_a_matter_without_papers_speaks_of_none(world: World, phone: Client) -> None:
    opened = actions.open_matter(need(), place=world.place, by=world.dispatcher)
    client = known(phone, opened)
    assert "补交缺的" not in body(client.get(f"/m/{opened.matter.number}/"))
    assert "现在没有要交的材料" in body(client.get(address(opened)))
