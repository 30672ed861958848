"""Every line of the desk's navigation leads to a page, for whoever sees it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import Enter, give
from tests.matters.world import World
from youying.access.models import Post
from youying.faces.shared.shell import NAVIGATION
from youying.kernel.viewers import POWERS

ENTRANCES = [one for _title, group in NAVIGATION for one in group]
PEOPLE = ("dispatcher", "caller", "secretary", "leader", "manager", "duty", "worker")


@pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda one: one.page + one.query)
def test_every_entrance_has_an_address_and_asks_for_a_known_power(entrance) -> None:
    assert reverse(entrance.page)
    assert not entrance.power or entrance.power in POWERS


@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_a_role_sees_in_the_navigation_answers(street: World, enter: Enter, name: str) -> None:
    if name == "manager":  # a working unit takes no needs in: it has no place of its own
        Post.objects.filter(pk=street.manager.post_id).update(powers=["view", "act", "rates"])
    client = enter(name)
    links = shown(client.get(reverse("desk:day")).content.decode())
    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_who_holds_every_power_sees_every_entrance_and_each_answers(street: World, enter: Enter) -> None:
    give(street.people["leader"], *(power for power in POWERS if power not in street.leader.powers))
    client = enter("leader")
    links = shown(client.get(reverse("desk:day")).content.decode())
    assert len(links) == len(ENTRANCES)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def shown(page: str) -> list[str]:
    """The addresses in the side navigation."""
    side = page.partition('class="desk-nav"')[2].partition("</nav>")[0]
    return [href.replace("&amp;", "&") for href in re.findall(r'<a [^>]*href="([^"]+)"', side)]
