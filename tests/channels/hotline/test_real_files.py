"""Real exports of other systems; they are never copied, and these tests skip where their folder is not there."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.base import File

from tests.channels.hotline.world import importer
from youying.channels.hotline import queries
from youying.channels.hotline.actions import importing, loading
from youying.insight.queries.replies import answered_within
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.record.queries import verify

FOLDER = os.environ.get("YOUYING_TEST_DATA", "")
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER or not Path(FOLDER).is_dir(), reason="YOUYING_TEST_DATA names no folder"),
]


def load(world, name, *, without=(), **settings):
    """One of the files, taken in as a person would."""
    by = importer(world)
    with (Path(FOLDER) / name).open("rb") as stream:
        row = importing.start(File(stream, name=name), by=by, area_path=world.town)
    columns = {code: title for code, title in row.columns.items() if code not in without}
    importing.map_columns(row.pk, by=by, columns=columns, settings=settings)
    importing.begin(row.pk, by=by)
    return loading.load(row.pk)


def test_answered_letters_give_the_known_shares_of_answers(world):
    row = load(world, "letters_replied_2816.xlsx")
    assert row.opened in (2815, 2816)
    assert row.opened + row.refused == 2816
    assert len(queries.findings(row, "refused")) == row.refused
    answered = answered_within(SYSTEM)
    shares = [round(float(answered.share(hours)) * 100, 1) for hours in (120, 360, 720)]
    assert shares == [26.3, 61.5, 83.6]
    assert verify().ok


def test_letters_without_labels_come_in_with_their_near_equals_listed(world):
    row = load(world, "letters_unlabelled_4326.xlsx")
    assert row.opened + row.refused == 4326
    assert row.refused < 5
    found = queries.pairs(SYSTEM, row, most=5000)
    assert len(found) > 100
    assert Matter.objects.count() == row.opened, "nothing is merged by a machine"
    assert all(pair.percent >= 80 for pair in found)


def test_a_citys_work_orders_keep_their_own_targets(world):
    row = load(world, "boston311_2025.csv.gz", without=("channel",), zone="America/New_York")
    judged = Counter(Matter.objects.exclude(completed_on_time=None).values_list("completed_on_time", flat=True))
    assert sum(judged.values()) == 4090
    assert queries.findings(row, "target-disagrees") == []
    listed = queries.findings(row, "open-on-time")
    assert len(listed) == 25
    assert Matter.objects.filter(completed_at=None).exclude(completed_on_time=None).count() == 0
    assert row.opened + row.refused == 5473
