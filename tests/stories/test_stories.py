"""Every story's published figures come out of the real actions and the real reports, and its book is whole."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from youying.access.models import Account
from youying.cli.demo import tell_all
from youying.insight.queries import recount_differences
from youying.kernel.moments import still
from youying.matters.models import Matter
from youying.matters.replaying import differences
from youying.places.models import Grid
from youying.record.queries import verify
from youying.stories import told
from youying.stories.lives import demands
from youying.stories.street import build_street
from youying.stories.telling import Teller
from youying.stories.told import STORIES
from youying.stories.ways import ROLES, TOWNS, said_of
from youying.text.queries import known_category

FOLDER = Path(told.__file__).parent
CODE = re.compile(r'"(\d{12})"')
END = datetime(2026, 11, 20, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(STORIES))
def test_a_storys_published_figures_are_what_its_reports_say(code):
    teller = tell_all(END, [STORIES[code]])
    figures = STORIES[code].figures(teller)
    assert [(f.title, f.computed) for f in figures] == [(f.title, f.published) for f in figures]
    assert verify().ok
    assert recount_differences() == []
    assert all(differences(matter) == {} for matter in Matter.objects.all())


@pytest.fixture
def county(db):
    """The fictional county with its people."""
    return build_street()


def box(grid):
    """West, south, east and north of a grid."""
    ring = grid.polygon["coordinates"][0]
    return min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring)


def test_no_two_grids_of_the_county_lie_over_each_other(county):
    boxes = [box(grid) for grid in Grid.objects.all()]
    over = [
        (one, other)
        for n, one in enumerate(boxes)
        for other in boxes[:n]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert len(boxes) == 10 and over == []


class Opening(Teller):
    """A teller of first steps alone: those that lay out a story's own place."""

    def at(self, moment, step):
        """Keep the earliest."""
        self.shared["first"] = min(self.shared.get("first", (moment, step)), (moment, step), key=lambda one: one[0])


@pytest.fixture
def all_towns(county):
    """The county with the places that stories lay out for themselves, one beside the other."""
    for code in ("m04", "m05", "m08", "m33", "m35"):
        teller = Opening(END, shared={"street": county})
        STORIES[code].play(teller)
        moment, step = teller.shared["first"]
        with still(moment):
            step()
    return county


def test_everybody_whom_the_links_name_works_in_the_county_and_the_auditor_only_looks(all_towns):
    held = set(Account.objects.values_list("username", flat=True))
    assert set(ROLES) - held == {"administrator"}
    assert all_towns.people["auditor"].powers == {"view", "rates", "audit"}
    assert all_towns.people["shizheng"].unit_title == "区市政所"


def test_each_place_names_who_can_be_signed_in_as_what_for_and_what_is_open_to_all(all_towns):
    made = {name: f"https://demo.example/{name}" for name in Account.objects.values_list("username", flat=True)}
    said = "\n".join(line for town in TOWNS for line in said_of(town, "https://demo.example", made))
    people = dict(Account.objects.values_list("username", "name"))
    for name in set(ROLES) - {"administrator"}:
        assert people[name] in ROLES[name].title and f"https://demo.example/{name}\n" in said + "\n"
    assert "居民 点单：https://demo.example/menu/" in said and "全部辖区" not in said


def test_what_the_residents_say_has_a_category_that_there_is(county):
    said = demands()
    assert [known_category(one["category"]) for one in said] == [one["category"] for one in said]
    assert {one["unit"] for one in said} <= set(county.units)


def test_no_two_stories_lay_out_the_same_place():
    """Each alone is right, and the demonstration that tells all of them could not be loaded."""
    street = set(CODE.findall((FOLDER / "street.py").read_text("utf-8")))
    laid = [
        code for path in FOLDER.glob("m[0-9][0-9].py") for code in set(CODE.findall(path.read_text("utf-8"))) - street
    ]
    assert len(laid) > 5
    assert [code for code, n in Counter(laid).items() if n > 1] == []


def test_a_brief_telling_has_one_in_so_many_of_what_repeats_and_of_what_happens_once_that_one():
    whole, brief = Teller(END), Teller(END, brief=True)
    assert (whole.few(296, one_in=20), brief.few(296, one_in=20), brief.few(1, one_in=20)) == (296, 15, 1)
