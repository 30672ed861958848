"""A later export names another category or unit for a number that is in: followed with an entry, or listed for a person."""

from __future__ import annotations

import pytest

from tests.channels.hotline.test_importing import OPEN
from tests.channels.hotline.world import a_row, csv_file, loaded
from youying.access.models import Unit
from youying.channels.hotline import queries
from youying.matters.actions import act, correct, reassign
from youying.matters.models import Assignment, Clock, Matter
from youying.matters.replaying import differences
from youying.record.models import Entry
from youying.record.queries import opened, verify

LAMP_OUT, CORRIDOR_LAMP, BLOCKED = "city.lamps.lamp-out", "city.lamps.corridor-lamp", "utilities.drainage.blocked-drain"
OTHER = {"承办单位": "槐花里社区"}
ELSE = {"三级分类": "楼道灯不亮"}


@pytest.fixture
def held(world):
    """The lamp of building 3, as the hotline told it first: open, with 和顺物业."""
    loaded(world, csv_file([a_row(**OPEN)]))
    matter = Matter.objects.get()
    assert (matter.category, matter.lead_id) == (LAMP_OUT, world.property_company.pk)
    return matter


def told_again(world, **cells):
    """What a later export makes of the row: followed, the same, refused."""
    row = loaded(world, csv_file([a_row(**{**OPEN, **cells})]))
    return row, (row.followed, row.again, row.refused)


def entries_of(matter):
    """The acts of the matter's entries."""
    return list(Entry.objects.filter(subject=matter.subject).order_by("seq"))


def test_another_category_is_followed_as_a_correction(world, held):
    due = Clock.objects.get(code="complete").due_at
    _, counts = told_again(world, **ELSE)
    held.refresh_from_db()
    entry = entries_of(held)[-1]
    assert counts == (1, 0, 0)
    assert (held.category, held.category_by, held.stage) == (CORRIDOR_LAMP, "import", "dispatched")
    assert (entry.act, entry.facts["imported"]) == ("correct", True)
    assert opened(entry)["note"].startswith("原系统改为：")
    assert Clock.objects.get(code="complete").due_at == due
    assert differences(held) == {}


def test_another_unit_is_followed_as_a_handing_over_and_its_deadline_stays(world, held):
    due = Clock.objects.get(code="complete").due_at
    _, counts = told_again(world, **OTHER)
    held.refresh_from_db()
    assert counts == (1, 0, 0)
    assert held.lead_id == world.office.pk
    assert Assignment.objects.get(matter=held, until=None).unit_id == world.office.pk
    assert [entry.act for entry in entries_of(held)] == ["open", "dispatch", "reassign"]
    assert Clock.objects.get(code="complete").due_at == due
    assert differences(held) == {}
    assert verify().ok


def test_both_come_with_the_reply(world, held):
    row = loaded(world, csv_file([a_row(**ELSE, **OTHER)]))
    held.refresh_from_db()
    assert (row.followed, row.refused) == (1, 0)
    assert (held.category, held.lead_id, held.stage) == (CORRIDOR_LAMP, world.office.pk, "crossed-off")
    acts = [entry.act for entry in entries_of(held)]
    assert acts == ["open", "dispatch", "correct", "reassign", "complete", "verdict", "cross-off"]
    assert differences(held) == {}


def test_the_same_export_again_changes_nothing_and_a_third_word_is_followed_again(world, held):
    assert told_again(world, **OTHER)[1] == (1, 0, 0)
    assert told_again(world, **OTHER)[1] == (0, 1, 0)
    assert told_again(world)[1] == (1, 0, 0)
    held.refresh_from_db()
    assert held.lead_id == world.property_company.pk


@pytest.mark.parametrize("what", ["category", "unit"])
def test_where_people_here_chose_otherwise_the_row_is_listed(world, held, what):
    third = Unit.objects.create(code="repairs", title="杏林维修队", kind="community-office", reach=world.community)
    if what == "category":
        correct(held.pk, by=world.dispatcher, category=BLOCKED)
    else:
        reassign(held.pk, by=world.dispatcher, unit=third.pk, note="归维修队修")
    row, counts = told_again(world, **(ELSE if what == "category" else OTHER))
    held.refresh_from_db()
    assert counts == (0, 0, 1)
    assert "两边不一样" in queries.findings(row, "refused")[0].say
    assert (held.category, held.lead_id) == (
        (BLOCKED, world.property_company.pk) if what == "category" else (LAMP_OUT, third.pk)
    )


def test_a_category_that_a_person_confirmed_is_not_changed_by_an_export(world, held):
    correct(held.pk, by=world.dispatcher, category=LAMP_OUT)
    assert told_again(world, **ELSE)[1] == (0, 0, 1)


def test_what_people_here_chose_does_not_keep_the_reply_of_an_unchanged_source_out(world, held):
    correct(held.pk, by=world.dispatcher, category=BLOCKED)
    reassign(held.pk, by=world.dispatcher, unit=world.office.pk, note="社区自己修")
    row = loaded(world, csv_file([a_row()]))
    held.refresh_from_db()
    assert (row.followed, row.refused) == (1, 0)
    assert (held.category, held.lead_id, held.stage) == (BLOCKED, world.office.pk, "crossed-off")


def test_another_unit_for_an_ended_matter_is_listed(world, held):
    act(held.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人撤回")
    row, counts = told_again(world, **OTHER)
    assert counts == (0, 0, 1)
    assert held.number in queries.findings(row, "refused")[0].say
