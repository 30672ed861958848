"""What the street has kept is still there after the tables changed their shape."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.matters.world import in_hand
from youying.insight.queries import recount_differences
from youying.matters import actions
from youying.matters.models import Clock, Matter, Tally
from youying.matters.replaying import differences

BEFORE = ("matters", "0006_stuck_bells")


def columns(table):
    """The columns that the database itself names."""
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


@pytest.mark.django_db(transaction=True)
def test_unused_columns_go_and_what_is_kept_stays(world):
    """董建平's matter and its clocks, through the older tables and back; then he goes on with it."""
    matter = in_hand(world)
    held = list(Matter.objects.values()), list(Clock.objects.order_by("pk").values())
    try:
        MigrationExecutor(connection).migrate([BEFORE])
        assert "words_sealed" in columns("matters_matter")
        assert "seat" in columns("matters_clock")
    finally:
        MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert {"words_sealed", "seat"}.isdisjoint(columns("matters_matter") | columns("matters_clock"))
    assert (list(Matter.objects.values()), list(Clock.objects.order_by("pk").values())) == held
    after = actions.act(matter.pk, "contact", by=world.manager, note="联系过")
    assert differences(after) == {}


@pytest.mark.django_db(transaction=True)
def test_cells_are_counted_anew_when_they_tell_reworks_apart(world):
    """周智远's boards say the same after the cells took another shape."""
    reworked = in_hand(world)
    Matter.objects.filter(pk=in_hand(world).pk).update(reworks=1)
    Matter.objects.filter(pk=reworked.pk).update(reworks=3)
    try:
        MigrationExecutor(connection).migrate([("matters", "0014_sent_back")])
    finally:
        MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert recount_differences() == []
    assert sorted(Tally.objects.full().filter(n__gt=0).values_list("reworks", "n")) == [(1, 1), (2, 1)]
