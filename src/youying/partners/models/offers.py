"""What partners and helping persons offer, and how much of it a month has used."""

from __future__ import annotations

import builtins  # a field of offers is called `list`
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.access.models import Unit
from youying.people.models import RegisterEntry


class Offer(models.Model):
    """One line of a resource or service list: what, for which menu items, how often a month, when and where.

    `who` comes: the unit itself (its type) or people of a post; `entry` is the one person of a register who does.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="offers")
    who = models.CharField(max_length=40)
    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, null=True, related_name="+")
    register = models.CharField(max_length=40)
    list = models.CharField(max_length=10)
    what = models.CharField(max_length=80)
    items = models.JSONField(default=builtins.list)
    capacity = models.PositiveSmallIntegerField()
    weekdays = models.JSONField(default=builtins.list)
    parts = models.JSONField(default=builtins.list)
    area_path = models.CharField(max_length=160)
    base_path = models.CharField(max_length=160)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    valid_until = models.DateField(null=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=120, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_path"], name="open_offers_by_area", condition=Q(closed_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="an_offer_offers_something"),
            models.CheckConstraint(condition=~Q(what=""), name="an_offer_says_what"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"offer:{self.pk}"


class OfferMonth(models.Model):
    """How often an offer is taken in one month; the database lets nobody take more than there is."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="months")
    month = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "month"], name="one_count_per_offer_and_month"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="no_less_than_nothing_is_taken"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="no_more_is_taken_than_offered"),
        ]
