"""Who was whistled for: the assignments of units that a whistle named."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from youying.matters.models.work import Assignment

SUMMONED = "summoned"


class SummonsRows(models.Manager["Summons"]):
    """Only assignments by which a unit was called."""

    def get_queryset(self) -> models.QuerySet[Summons]:
        """The rows of the role."""
        return super().get_queryset().filter(role=SUMMONED)


class Summons(Assignment):
    """One unit that one whistle named, since the whistle: when it signed and reported in, who came, how it ended.

    Its deadline is that of the clock's run, `clock` and `run`. `on_time` is the run's own outcome and is never bettered
    by coming later. `end` is reported, absent, released or called-off; empty while the unit is still awaited.
    """

    objects: ClassVar[SummonsRows] = SummonsRows()

    class Meta:
        proxy = True
