"""Who must do what by when: assignments, clocks, asks that wait for a yes, bells that could not be rung."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.models.matter import Matter


class Assignment(models.Model):
    """Which unit must do what on a matter: lead, joint or summoned; `ended_by` is how a unit sent it back.

    What stands from `whistle` on is said of a unit that was whistled for (`Summons`).
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=12)
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, default="")
    whistle = models.PositiveSmallIntegerField(default=0)
    act = models.CharField(max_length=40, default="")
    grade = models.CharField(max_length=40, default="")
    clock = models.CharField(max_length=40, default="")
    run = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)
    reported_in_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=12, default="")
    who_sealed = models.BinaryField(null=True)
    on_time = models.BooleanField(null=True)
    end = models.CharField(max_length=12, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(role="lead", until__isnull=True), name="one_lead_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["matter", "whistle", "unit"], condition=Q(role="summoned"), name="one_summons_per_whistle_unit"
            ),
            models.UniqueConstraint(
                fields=["matter", "unit"], condition=Q(role="summoned", end=""), name="one_open_summons_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True) | (~Q(end="") & Q(ended_at__isnull=False)),
                name="an_ended_summons_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(end="reported") | Q(reported_in_at__isnull=False), name="who_reported_in_has_a_moment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "matter"], name="assigned_now", condition=Q(until__isnull=True)),
            models.Index(fields=["unit", "-since"], name="summoned_by_unit", condition=Q(role="summoned")),
            models.Index(fields=["unit"], name="summoned_open", condition=Q(role="summoned", end="")),
        ]


class Clock(models.Model):
    """One running or stopped period: its rule, its working and what came of it; `unit` where each unit has its own."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    run = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=40)
    rule = models.JSONField()
    working = models.JSONField(null=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    earliest_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    paused = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=40, default="")
    met = models.BooleanField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "code", "run"], name="one_clock_per_run"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="clocks_to_ring", condition=Q(next_at__isnull=False)),
        ]

    @property
    def running(self) -> bool:
        """True until an act stops it."""
        return self.stopped_at is None


class Ask(models.Model):
    """A step or an extension that waits for another post's yes; or a proposal made by a ladder.

    `seat` is the unit for whose own deadline more time is asked, 0 for everything that is of the matter as a whole.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=12)
    step = models.CharField(max_length=40)
    seat = models.BigIntegerField(default=0)
    posts = models.JSONField()
    asked_by = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    silent = models.CharField(max_length=12, default="escalate")
    sealed = models.BinaryField(null=True)
    answer = models.CharField(max_length=12, default="")
    reason = models.CharField(max_length=40, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "kind", "step", "seat"], condition=Q(answer=""), name="one_open_ask_per_step"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="asks_to_answer", condition=Q(answer="")),
        ]


class StuckBell(models.Model):
    """A bell that could not be rung: which, what kind of fault, how often tried, and when it is tried again."""

    bell = models.CharField(max_length=12)
    row_id = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=120)
    tries = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    try_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bell", "row_id"], name="one_line_per_stuck_bell"),
        ]
