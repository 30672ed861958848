"""Duty: who is on which shift of which roster, what was swapped, what was handed over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.access.models import Account
from youying.record.models import BytesField


class Shift(models.Model):
    """One shift of a roster at a place: from when to when, who is on it, by which number; nobody where it is uncovered.

    `day` is the date on which it begins there; `keeper_yes` whether a swap of it needs the yes of who minds the roster;
    `told_at` when it was told that nobody is on it, `note_told_at` that its hand-over is late, `end_told_at` that it is
    the last one planned.
    """

    path = models.CharField(max_length=200)
    roster = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    posts = models.JSONField(default=list)
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    day_off = models.BooleanField(default=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="shifts")
    phone = models.CharField(max_length=40, default="", blank=True)
    keeper_yes = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    note_told_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "begins_at"], name="shifts_by_place"),
            models.Index(fields=["account", "begins_at"], name="shifts_by_account"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="a_shift_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="a_shift_lies_at_a_place"),
            models.UniqueConstraint(
                fields=["path", "roster", "begins_at"],
                condition=Q(removed_at=None),
                name="one_shift_of_a_roster_begins_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["account", "begins_at"], condition=Q(removed_at=None), name="nobody_begins_two_shifts_at_once"
            ),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"shift:{self.pk}"


class Swap(models.Model):
    """One asks another to take a shift, for one of theirs or for nothing; `answer` is empty while it stands open."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    in_return = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    taker_yes_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, default="", blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift"], condition=Q(answer=""), name="one_open_swap_of_a_shift"),
            models.CheckConstraint(condition=~Q(asked_by=F("taker")), name="nobody_swaps_with_themselves"),
        ]


class HandOver(models.Model):
    """What somebody writes at the end of a shift, and who read it: the open matters by number, the rest in sealed words."""

    shift = models.OneToOneField(Shift, on_delete=models.PROTECT, related_name="hand_over")
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    numbers = models.JSONField(default=list)
    note_sealed = BytesField(null=True)
    read_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
