"""Occasions: each single time that something recurring is due, the attempts made at it, and campaigns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.access.models import Account


class Occasion(models.Model):
    """One due doing of a rhythm: to whom, from when to when, in whose hands, and what came of it.

    `reason` is why it was left out, never why an attempt met nobody: that stands in the attempt. `campaign` is the
    campaign that laid it out, where one did. `key` names what it is done to ("home:7", "grid:3", "register-entry:9", "person:…"). `next_at` is when to go next:
    the opening, or the day put off to. It ends with `ended_at`: met, excused for a coded reason, or given up after
    every attempt that the pack asks for. `missed` is set once the due moment passes undone, and is never taken back.
    """

    rhythm = models.CharField(max_length=40)
    edition = models.ForeignKey("editions.EditionRow", on_delete=models.PROTECT, db_index=False)
    campaign = models.ForeignKey("Campaign", null=True, on_delete=models.PROTECT, related_name="occasions")
    does = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    period = models.CharField(max_length=24)
    class_code = models.CharField(max_length=40, default="", blank=True)
    area_path = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    compound_id = models.BigIntegerField(null=True)
    building_id = models.BigIntegerField(null=True)
    home_id = models.BigIntegerField(null=True)
    grid_id = models.BigIntegerField(null=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    owner = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    met = models.BooleanField(default=False)
    on_time = models.BooleanField(null=True)
    at_hours = models.BooleanField(null=True)
    first_time = models.BooleanField(default=False)
    found = models.PositiveSmallIntegerField(default=0)
    opened = models.PositiveSmallIntegerField(default=0)
    missed = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rhythm", "key", "period"], name="an_occasion_comes_once_in_its_period"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="an_occasion_is_due_after_it_opens"),
            models.CheckConstraint(
                condition=Q(met=False) | Q(done_at__isnull=False), name="whoever_was_met_was_met_at_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(ended_at__isnull=False), name="what_is_done_has_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_path", "rhythm", "due_at"], name="occasions_of_an_area"),
            models.Index(
                fields=["grid_id", "next_at"], name="occasions_to_do_in_a_grid", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["key", "rhythm", "-opens_at"], name="occasions_of_one"),
            models.Index(fields=["ring_at"], name="occasions_to_ring", condition=Q(ring_at__isnull=False)),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"occasion:{self.pk}"

    def __str__(self) -> str:
        return f"{self.rhythm} {self.key} {self.period}"


class Attempt(models.Model):
    """One time that somebody went or called: whether anybody was met, and the coded reason where nobody was.

    `client_id` is made by whoever sends it, so that the same attempt sent twice stays one.
    """

    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    kept_at = models.DateTimeField()
    by_account = models.BigIntegerField(null=True)
    by_post_code = models.CharField(max_length=80, default="", blank=True)
    met = models.BooleanField()
    reason = models.CharField(max_length=40, default="", blank=True)
    way = models.CharField(max_length=12, default="door")
    client_id = models.CharField(max_length=40, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client_id"], name="an_attempt_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.at:%Y-%m-%d %H:%M}"


class Campaign(models.Model):
    """A campaign of a rhythm that is done once: begun at a place on a day, by whom the record knows.

    `stopped_at` is when it was stopped early, or found to be over.
    """

    rhythm = models.CharField(max_length=40)
    edition = models.ForeignKey("editions.EditionRow", on_delete=models.PROTECT, db_index=False)
    path = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rhythm", "path"],
                condition=Q(stopped_at__isnull=True),
                name="a_campaign_runs_once_at_a_time_at_a_place",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_campaign_ends_after_it_begins"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"campaign:{self.pk}"

    @property
    def period(self) -> str:
        """What its occasions carry as their period."""
        return f"{self.first}-c{self.pk}"

    def __str__(self) -> str:
        return f"{self.rhythm} {self.path} {self.first}"


class Course(models.Model):
    """A rhythm as it runs at a place that adopted it: where the record says when how much was laid out."""

    rhythm = models.CharField(max_length=40)
    path = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rhythm", "path"], name="a_rhythm_runs_once_at_a_place"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"course:{self.pk}"

    def __str__(self) -> str:
        return f"{self.rhythm} {self.path}"
