"""The page of telephones says that somebody is there only where somebody is."""

from __future__ import annotations

from django.test import Client

from tests.matters.changing import change
from tests.matters.world import World, person
from youying.access.models import Unit


def lines_of(client: Client) -> dict[str, str]:
    """Each line of the page, by its title, with what stands behind it."""
    page = client.get("/call/").content.decode()
    rows = [row.split("</b>")[:2] for row in page.split("<b>")[1:]]
    return {title: rest.partition("</div>")[0] for title, rest in rows}


def test_a_line_whose_post_nobody_holds_says_that_nobody_is_there(world: World, client: Client) -> None:
    change(world, code="m03")
    assert "现在没人" in lines_of(client)["民警副书记电话"]
    person("丁建国", "police-deputy", "社区副书记（民警）", reach=world.community)
    assert "现在有人" in lines_of(client)["民警副书记电话"]


def test_a_line_without_roster_and_without_any_number_promises_nobody(world: World, client: Client) -> None:
    assert "现在" not in lines_of(client)["24小时值班电话"]
    Unit.objects.create(code="street", title="柳湾街道", kind="town-office", reach=world.town, phone="0970-5550001")
    assert "现在接听" in lines_of(client)["24小时值班电话"]
