"""The bulk history is the real one: its rows equal those of the real actions, and its record is whole."""

from __future__ import annotations

import random
from dataclasses import replace

import msgspec
import pytest
from bench.history import comparing, filling, learning, lives, templates, writing
from bench.history.comparing import data_key_of, neighbour
from bench.history.filling import columns_of
from bench.history.lives import SHAPES, Life
from bench.street import NOW, build_district
from bench.words import say
from django.db import connection

from youying.insight.queries.recount import recount_differences
from youying.kernel.moments import still
from youying.kernel.sealing import unseal
from youying.matters.models import Matter, Reporter, SearchRow
from youying.matters.queries import Filters, callers, look_up, worklist
from youying.matters.searching import tokens_of
from youying.record import rules
from youying.record.queries import verify


@pytest.fixture
def district(db):
    """The district of the measurements, one town of it, as it was before the first demand."""
    return build_district(towns=1)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_life_written_in_bulk_leaves_the_rows_that_the_real_actions_leave(district, shape):
    """陈桂芳's demand and her neighbours': told by the actions and filled from a pattern, every column is the same."""
    assert list(comparing.compare(district, shape, count=6)) == [[]] * 6


def test_one_column_that_differs_is_seen(district):
    """A demand that the bulk writer gives another title, or whose entry says another act, is not the told one."""
    chance = random.Random(8)
    pattern = learning.learn(district, learning.sample_life(district, chance, SHAPES[5]))
    life = neighbour(district, chance, pattern)
    told = learning.tell(district, life)
    filled = filling.Filler(district, vendor="sqlite").fill(
        filling.make_ready(pattern, vendor="sqlite"), life, told.head["serial"]
    )
    assert comparing.differences(told, filled) == []
    told.rows["matters_matter"][0]["title"] = "别的事"
    told.entries[0]["act"] = "close"
    assert comparing.differences(told, filled) == ["matters_matter", "entries"]


def test_the_search_tokens_and_the_sealed_contact_are_those_of_the_real_actions(district):
    """What 陈桂芳 is found by and what is sealed of her: told by the actions, and filled."""
    chance = random.Random(4)
    pattern = learning.learn(district, learning.sample_life(district, chance, SHAPES[5]))
    life = neighbour(district, chance, pattern)
    with lives.taken_back():
        matter = Matter.objects.get(pk=lives.live(district, life))
        tokens, reporter = tokens_of(matter), Reporter.objects.get(matter=matter)
    filled = filling.Filler(district, vendor="sqlite").fill(filling.make_ready(pattern, vendor="sqlite"), life, 1)
    row = dict(zip(columns_of("matters_reporter"), filled.rows["matters_reporter"][0], strict=True))
    contact = unseal(data_key_of(filled), row["contact_sealed"], rules.bound_to_value(filled.head[0]))
    assert filled.search == (matter.pk, tokens)
    assert (row["phone_index"], row["secret_hash"]) == (reporter.phone_index, reporter.secret_hash)
    assert msgspec.json.decode(contact) == {"name": life.said.name, "phone": life.said.phone, "address": ""}


def test_a_history_has_a_whole_record_exact_tallies_and_rows_that_lists_find(district):
    """Three hundred demands written in bulk: the book is whole, every tally right, and each is found again."""
    history = writing.write_history(district, count=300, patterns=len(SHAPES) + 6)
    report = verify()
    assert (report.ok, report.faults) == (True, [])
    assert report.entries > history.entries
    assert recount_differences() == []
    assert (Matter.objects.count(), SearchRow.objects.count()) == (300, 300)
    with still(NOW):
        page = worklist(district.staff["dispatcher"], Filters(state="all"), sort="number")
    assert (len(page.rows), page.total) == (50, 300)
    assert page.rows[0].number.endswith(filling.matter_number(page.rows[0].number[:4], 1)[-2:])


def test_the_next_real_demand_of_the_month_draws_the_next_number(district):
    """After the history 陈桂芳 calls again: her demand gets the number after the last one, and she sees it."""
    history = writing.write_history(district, count=120, patterns=len(SHAPES) + 2)
    life = Life(SHAPES[5], NOW, district.places[3], replace(say(random.Random(1), urgency="ordinary"), name="陈桂芳"))
    with still(NOW):
        opened = lives.report(district, life)
        found = look_up(opened.matter.number, life.said.secret)
        earlier = callers(district.staff["dispatcher"], life.said.phone)
    month = f"matter/{NOW:%y%m}"
    assert opened.matter.pk % 10_000_000 == history.series[month] + 1
    assert found is not None
    assert [one.number for one in earlier] == [opened.matter.number]
    assert verify().ok


def test_the_history_reads_back_as_it_was_filled(district):
    """What a database gives back of a history equals what was filled into it."""
    writing.write_history(district, count=len(SHAPES) * 2, patterns=len(SHAPES))
    assert connection.vendor in ("sqlite", "postgresql")
    keys = Matter.objects.values_list("pk", flat=True)
    for key in keys:
        told = templates.read(key)
        assert len(told.entries) == told.head["count"]
        assert told.rows["matters_matter"][0]["number"] == Matter.objects.get(pk=key).number
