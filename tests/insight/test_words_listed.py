"""Figures of registers and posts: each word, changed in a pack, gives another number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import CHEN_GUIFANG, SUN_DESHUN, WU_JIADONG, Cast
from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import Town, build_town
from youying.editions.snapshot import STAMP
from youying.insight.queries import listed_figure, listed_figures
from youying.kernel.refusals import Refused
from youying.packs.source import library, with_value
from youying.people.actions import enter, leave
from youying.people.models import RegisterEntry
from youying.people.register_rules import Consented, Listed
from youying.places.actions import touch


@pytest.fixture
def clock(at: Any) -> Any:
    """A still clock on Friday 13 November 2026."""
    return at("2026-11-13 15:52")


@pytest.fixture
def town(db: None, clock: Any) -> Town:
    """A town with two residents and a party member among its volunteers."""
    made = build_town()
    adopt("m35", made.town.path)
    for person, kind in ((CHEN_GUIFANG, "resident"), (WU_JIADONG, "resident"), (SUN_DESHUN, "party")):
        listed = Listed(name=person.name, phone=person.phone)
        said: dict[str, Any] = {"edition": edition(), "path": made.community.path, "listed": listed}
        enter("volunteer", by=made.secretary, class_code=kind, consents=[Consented("keep", "oral")], **said)
    return made


def following(town: Town, clock: Any, **said: Any) -> None:
    """From now on the street follows the pack with some keys changed."""
    raw = library()["m35"]
    for key, value in said.items():
        raw = with_value(raw, key=key.replace("__", "."), value=value)
    clock.forward(seconds=1)
    adopt(raw, town.town.path)
    touch(STAMP)


@pytest.mark.word("figure.of:register")
def test_a_figure_counts_the_register_and_the_classes_the_pack_says(town: Town, clock: Any) -> None:
    by, path = town.secretary, town.community.path
    assert listed_figure(by, path, "volunteers").n == 3
    following(town, clock, figure__volunteers__where={"class": "party"})
    assert listed_figure(by, path, "volunteers").n == 1
    following(town, clock, figure__volunteers__of="register:partner")
    assert listed_figure(by, path, "volunteers").n == 0


def test_a_share_of_a_register_stands_beside_its_whole(town: Town, clock: Any) -> None:
    share = {"title": "党员比例", "of": "register:volunteer", "where": {"class": "party"}, "base": {}, "empty": "none"}
    following(town, clock, figure__share=share)
    title, sentence, cell = listed_figures(town.secretary, town.community.path)["share"]
    assert (title, cell.n, cell.d) == ("党员比例", 1, 3)
    assert "全部" in sentence


def test_who_left_is_no_longer_counted(town: Town) -> None:
    first = RegisterEntry.objects.filter(register="volunteer").earliest("pk")
    leave(first.pk, by=town.secretary, edition=edition(), reason="left")
    assert listed_figure(town.secretary, town.community.path, "volunteers").n == 2


@pytest.mark.word("figure.of:post", "fact:filled")
def test_a_figure_counts_the_seats_of_a_post_that_are_held_or_not(town: Town, clock: Any) -> None:
    by, path = town.secretary, town.community.path
    Cast().member("wangjun", "王军", powers=("view",), code="building-leader", title="楼栋长", reach=town.building.path)
    assert listed_figure(by, path, "leaders").n == 1
    following(town, clock, figure__leaders__where={"filled": False})
    assert listed_figure(by, path, "leaders").n == 0
    following(town, clock, figure__leaders__of="post:secretary", figure__leaders__where={"filled": False})
    assert listed_figure(by, path, "leaders").n == 1


def test_a_figure_that_reads_what_nobody_knows_is_refused(town: Town, clock: Any) -> None:
    following(town, clock, figure__volunteers__where={"lives_alone": True})
    with pytest.raises(Refused, match="fact-not-counted"):
        listed_figure(town.secretary, town.community.path, "volunteers")
    with pytest.raises(Refused, match="figure-unknown"):
        listed_figure(town.secretary, town.community.path, "orders")


def test_the_neighbour_counts_nothing_here(town: Town) -> None:
    with pytest.raises(Refused, match="out-of-reach"):
        listed_figure(town.neighbour, town.community.path, "volunteers")
    with pytest.raises(Refused, match="no-power"):
        listed_figure(replace(town.secretary, powers=frozenset()), town.community.path, "volunteers")
