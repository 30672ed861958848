"""What was ordered from a menu, and to whom an order was offered, with what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.partners.models.offers import Offer


class Wish(models.Model):
    """The first slip, 点单: which menu item somebody ordered, for when, and what they declared."""

    subject = models.CharField(max_length=80, unique=True)
    menu = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    wanted_on = models.DateField(null=True)
    part = models.CharField(max_length=12, default="")
    declared = models.JSONField(default=dict)


class Match(models.Model):
    """One dispatch of an order to an offer; `month` is the month whose capacity it took, None where it took none."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="matches")
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    month = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="")
    reason = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="matches_of_an_order"),
            models.Index(fields=["offer", "-at"], name="matches_of_an_offer"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at__isnull=True), name="an_order_is_with_one_offer_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True)
                | Q(outcome__in=["declined", "lapsed", "withdrawn", "served"], ended_at__isnull=False),
                name="a_match_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(accepted_at__isnull=False), name="capacity_is_taken_by_accepting"
            ),
        ]
