"""What lists and rates are read from: the search index and the tallies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.tally_rules import COUNTED


class SearchRow(models.Model):
    """The full-text index, FTS5 or tsvector; made by its own migration and read with the database's own match."""

    rowid = models.BigIntegerField(primary_key=True)
    tokens = models.TextField()

    class Meta:
        db_table = "matters_search"


class TallyRows(models.QuerySet["Tally"]):
    """The two kinds of cells; every matter counts in one of each."""

    def full(self) -> TallyRows:
        """Cells that tell everything apart."""
        return self.exclude(edition_id="")

    def by_unit(self) -> TallyRows:
        """Cells that tell month, area, unit and facts apart and leave the finer dimensions out: far fewer."""
        return self.filter(edition_id="")


class Tally(models.Model):
    """How many matters share one month, place, unit and set of facts: rates are sums over these rows."""

    cell = models.CharField(max_length=32, primary_key=True)
    month = models.DateField()
    kind = models.CharField(max_length=16)
    loop = models.CharField(max_length=40)
    edition_id = models.CharField(max_length=64)
    area_path = models.CharField(max_length=120)
    compound_id = models.BigIntegerField(null=True)
    grid_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=30)
    tier = models.CharField(max_length=16)
    urgency = models.CharField(max_length=16)
    merged = models.BooleanField()
    contacted_on_time = models.BooleanField(null=True)
    completed = models.BooleanField()
    completed_on_time = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=16)
    crossed_off = models.BooleanField()
    overdue = models.BooleanField()
    reworks = models.PositiveSmallIntegerField()
    repeat = models.BooleanField()
    reason = models.CharField(max_length=40)
    n = models.BigIntegerField()

    objects: ClassVar = TallyRows.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["month", "area_path"], name="tally_by_month_area"),
            models.Index(
                fields=["month", "unit_id", "area_path", "kind", "loop", "tier", *COUNTED, "n", "edition_id"],
                name="whole_tally_by_unit",
                condition=Q(edition_id=""),
            ),
        ]
