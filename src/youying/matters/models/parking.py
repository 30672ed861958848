"""What cannot be done for now: parked with a plan and a date, looked at again on a rhythm, never out of the count."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.models.matter import Matter


class Parking(models.Model):
    """One time that a matter was parked: since when, until what date, when it is next reviewed and how often it was not.

    The explanation and the plan stand sealed in the entry of the step; ended rows stay, so that 销账 can be counted.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parkings", db_index=False)
    run = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=40)
    since = models.DateTimeField()
    reason = models.CharField(max_length=40, default="")
    until = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    reviews = models.PositiveSmallIntegerField(default=0)
    missed = models.PositiveSmallIntegerField(default=0)
    missed_since = models.DateTimeField(null=True)
    moved = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "run"], name="one_parking_per_run"),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_open_parking_a_matter"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(review_at__isnull=True), name="no_review_of_an_ended_parking"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review_at"], name="parkings_to_review", condition=Q(review_at__isnull=False)),
        ]
