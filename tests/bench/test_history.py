"""The bulk history is the real one: its rows equal those of the real actions, and its record is whole."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from bench.history import filling, learning, lives, templates, writing
from bench.history.filling import ENTRY_OUT, HEAD_OUT, columns_of
from bench.history.lives import SHAPES, Life
from bench.street import NOW, build_district
from bench.words import say
from django.db import connection

from youying.insight.queries.recount import recount_differences
from youying.kernel.moments import still
from youying.kernel.sealing import unseal, unwrap_data_key
from youying.matters.models import Matter, Reporter, SearchRow
from youying.matters.queries import Filters, callers, look_up, worklist
from youying.matters.searching import tokens_of
from youying.record import rules
from youying.record.keys import ring
from youying.record.queries import verify


@pytest.fixture
def district(db):
    """The district of the measurements, one town of it, as it was before the first demand."""
    return build_district(towns=1)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_life_written_in_bulk_leaves_the_rows_that_the_real_actions_leave(district, shape):
    """陈桂芳's demand and her neighbours': told by the actions and filled from a pattern, every column is the same."""
    chance = random.Random(shape.name)
    pattern = None
    while pattern is None:
        pattern = learning.learn(district, learning.sample_life(district, chance, shape))
    ready = filling.make_ready(pattern, vendor="sqlite")
    filler = filling.Filler(district, vendor="sqlite")
    for _ in range(6):
        life = neighbour(district, chance, pattern)
        told = learning.tell(district, life)
        filled = filler.fill(ready, life, told.head["serial"])
        assert rows_of(filled) == plain(told.rows)
        assert entries_of(filled) == plain(told.entries)
        assert dict(zip(HEAD_OUT, filled.head, strict=True))["series"] == told.head["series"]


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


def neighbour(district: Any, chance: random.Random, pattern: Any) -> Life:
    """Another life of the same kind: somebody else, elsewhere, some minutes later."""
    said = say(chance, urgency=pattern.life.said.urgency)
    later = pattern.life.opened_at + learning.WINDOW * chance.random()
    return Life(pattern.life.shape, later.replace(microsecond=0), chance.choice(district.places), said)


def rows_of(filled: Any) -> dict[str, list[dict[str, Any]]]:
    """The filled rows as plain data, without what is sealed or hashed."""
    return {
        table: [
            plain({name: read(table, name, value) for name, value in zip(columns_of(table), row, strict=True)})
            for row in rows
        ]
        for table, rows in filled.rows.items()
    }


def read(table: str, name: str, value: Any) -> Any:
    """A value as the models read it."""
    if name in templates.MADE_ANEW:
        return None
    if value is not None and templates.is_json(table, name):
        return json.loads(value)
    return value


def entries_of(filled: Any) -> list[dict[str, Any]]:
    """The filled entries as plain data, their sealed parts opened, their chain checked."""
    key, found, prev = data_key_of(filled), [], rules.NO_HASH
    for row in filled.entries:
        entry = dict(zip(ENTRY_OUT, row, strict=True))
        assert entry["prev"] == prev
        prev = entry["hash"]
        sealed = entry["sealed"]
        bound = rules.bound_to_entry(entry["subject"], entry["seq"])
        opened = msgspec.json.decode(unseal(key, sealed, bound)) if sealed else None
        kept = {name: entry[name] for name in templates.ENTRY_COLUMNS}
        found.append(plain(kept | {"facts": msgspec.json.decode(entry["facts"]), "sealed": opened}))
    return found


def data_key_of(filled: Any) -> Any:
    """The data key of a filled head."""
    head = dict(zip(HEAD_OUT, filled.head, strict=True))
    return unwrap_data_key(ring(), head["data_key"], bound_to=head["subject"].encode())


def plain(value: Any) -> Any:
    """Moments in one form, lists as lists; what is made anew for each life left out."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in templates.MADE_ANEW}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == value[7:8] == "-" and value[10] == " ":
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def test_the_history_reads_back_as_it_was_filled(district):
    """What a database gives back of a history equals what was filled into it."""
    writing.write_history(district, count=len(SHAPES) * 2, patterns=len(SHAPES))
    assert connection.vendor in ("sqlite", "postgresql")
    keys = Matter.objects.values_list("pk", flat=True)
    for key in keys:
        told = templates.read(key)
        assert len(told.entries) == told.head["count"]
        assert told.rows["matters_matter"][0]["number"] == Matter.objects.get(pk=key).number
