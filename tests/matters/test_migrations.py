"""What the street has kept is still there after the tables changed their shape."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.matters.world import in_hand
from youying.matters import actions
from youying.matters.models import Clock, Matter
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
