"""Purses and what moves between them; every movement is one row from one purse to another, so that all sums to zero."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from youying.funds.rules import KINDS, UNITS
from youying.record.models import BytesField


class Purse(models.Model):
    """Something that holds yuan, points or hours; `balance` in the smallest unit (fen, points, hundredths of an hour).

    `holder` says whose it is (person:…, place:…, or line:… for where things come from and go to). Only those `outside`
    may stand below zero: what has come in from there stands there as a debt.
    """

    code = models.CharField(max_length=40)
    unit = models.CharField(max_length=8, choices=list(UNITS.items()))
    holder = models.CharField(max_length=120)
    area_path = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    outside = models.BooleanField(default=False)
    balance = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["code", "path"], name="purses_of_a_place")]
        constraints = [
            models.UniqueConstraint(fields=["code", "area_path", "holder"], name="a_holder_has_one_purse_of_a_kind"),
            models.CheckConstraint(condition=Q(outside=True) | Q(balance__gte=0), name="a_purse_is_never_below_zero"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"purse:{self.pk}"


class Booking(models.Model):
    """One movement: so much out of one purse into another; never changed, only taken back by a counter-entry.

    `form` is the mark of the form that was sent, by which the same form books once; an exchange names its gift.
    """

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=list(KINDS.items()))
    line = models.CharField(max_length=40, blank=True)
    source = models.ForeignKey(Purse, on_delete=models.PROTECT, related_name="out")
    target = models.ForeignKey(Purse, on_delete=models.PROTECT, related_name="into")
    amount = models.BigIntegerField()
    needs = models.JSONField(default=list)
    words_sealed = BytesField(null=True)
    period = models.CharField(max_length=12, blank=True)
    cause = models.CharField(max_length=80, blank=True, default="")
    form = models.CharField(max_length=40, null=True, unique=True)
    gift = models.ForeignKey("Gift", null=True, on_delete=models.PROTECT, related_name="bookings")
    pieces = models.PositiveIntegerField(null=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    account_id = models.BigIntegerField(null=True)
    post_title = models.CharField(max_length=60, blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "id"], name="bookings_out_of_a_purse"),
            models.Index(fields=["target", "id"], name="bookings_into_a_purse"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_booking_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_booking_moves_between_two_purses"),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
                name="a_counter_entry_names_what_it_takes_back",
            ),
            models.UniqueConstraint(
                fields=["target", "period"], condition=Q(kind="grant"), name="a_purse_is_granted_once_a_period"
            ),
            models.UniqueConstraint(
                fields=["target", "line", "cause"],
                condition=~Q(cause="") & Q(kind="take"),
                name="the_same_work_earns_a_line_once",
            ),
        ]


class SpendAsk(models.Model):
    """A spending that waits for a yes; nothing has moved until it is answered."""

    purse = models.ForeignKey(Purse, on_delete=models.PROTECT, related_name="asks")
    line = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    needs = models.JSONField(default=list)
    words_sealed = BytesField(null=True)
    asked_of = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    form = models.CharField(max_length=40, null=True, unique=True)
    account_id = models.BigIntegerField(null=True)
    post_title = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    booking = models.OneToOneField(Booking, null=True, on_delete=models.PROTECT, related_name="ask")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_spending_asked_for_is_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, granted__isnull=True)
                | Q(answered_at__isnull=False, granted__isnull=False),
                name="an_answer_is_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(granted=True, booking__isnull=False) | (~Q(granted=True) & Q(booking__isnull=True)),
                name="a_granted_spending_is_booked",
            ),
        ]


class Gift(models.Model):
    """Something that points are exchanged for, with its price and how many are left."""

    code = models.CharField(max_length=40)
    area_path = models.CharField(max_length=200)
    line = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    price = models.BigIntegerField()
    stock = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "area_path", "title"], name="a_gift_stands_once_on_the_shelf"),
            models.CheckConstraint(condition=Q(price__gt=0), name="a_gift_has_a_price"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"gift:{self.pk}"
