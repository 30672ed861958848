"""The secretary of 槐花里 follows every link on the pages of purses, registers and assessments."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import give
from tests.matters.changing import change


def links(page):
    """The addresses with a query that stand in the page's own part."""
    shown = page.content.decode().split("<main", 1)[1]
    return [unescape(one) for one in re.findall(r'href="([^"]*\?place=[^"]*)"', shown)]


@pytest.mark.parametrize(
    ("name", "pack"), [("desk:funds", "m35"), ("desk:registers", "m35"), ("desk:assessments", "m05")]
)
def test_every_link_of_a_list_opens_for_whoever_reads_the_list(world, enter, name, pack):
    change(world, code=pack)
    give(world.secretary, "act", "export", "import", "rates")
    client = enter("secretary")
    followed = links(client.get(reverse(name), {"place": world.community}))
    followed += [one for address in followed for one in links(client.get(address))]
    assert followed
    assert {address: client.get(address).status_code for address in followed} == dict.fromkeys(followed, 200)
