"""Who was whistled for: one row for every unit that a whistle named."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.models.matter import Matter


class Summons(models.Model):
    """One unit that one whistle named: when it signed, when and how it reported in, who came, and how it ended.

    Its deadline is that of the clock's run, `clock` and `run`. `on_time` is the run's own outcome and is never bettered
    by coming later. `end` is reported, absent, released or called-off; empty while the unit is still awaited.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="summonses")
    whistle = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=40)
    grade = models.CharField(max_length=40, default="")
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    clock = models.CharField(max_length=40, default="")
    run = models.PositiveSmallIntegerField(default=0)
    summoned_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    reported_in_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=12, default="")
    who_sealed = models.BinaryField(null=True)
    on_time = models.BooleanField(null=True)
    end = models.CharField(max_length=12, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "whistle", "unit"], name="one_summons_per_whistle_and_unit"),
            models.UniqueConstraint(fields=["matter", "unit"], condition=Q(end=""), name="one_open_summons_per_unit"),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True) | (~Q(end="") & Q(ended_at__isnull=False)),
                name="ended_summons_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(end="reported") | Q(reported_in_at__isnull=False), name="reported_in_has_its_moment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "-summoned_at"], name="summonses_by_unit"),
            models.Index(fields=["unit"], name="summonses_open", condition=Q(end="")),
        ]
