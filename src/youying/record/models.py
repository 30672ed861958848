"""The book: heads, entries, roots, and the outbox of announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from django.db import models

from youying.record.rules import SERIES_PREFIX, facts_text

if TYPE_CHECKING:
    Bytes = models.BinaryField[Any, Any]
    Facts = models.TextField[Any, Any]
else:
    Bytes, Facts = models.BinaryField, models.TextField


class BytesField(Bytes):
    """Bytes that come back as bytes on every database."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        """Turn PostgreSQL's memoryview into bytes."""
        return None if value is None else bytes(value)


class FactsField(Facts):
    """Facts as canonical JSON text: what is stored is, byte for byte, what the chain covers."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Read the text."""
        return None if value is None else msgspec.json.decode(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Write the one canonical form."""
        return value if value is None or isinstance(value, str) else facts_text(value)


class Head(models.Model):
    """Where the chain of one subject stands; a series is a subject too, whose count is the serials it gave out."""

    subject = models.CharField(primary_key=True, max_length=80)
    series = models.CharField(max_length=80)
    serial = models.PositiveBigIntegerField()
    count = models.PositiveBigIntegerField()
    hash = BytesField(max_length=32)
    mac = BytesField(max_length=320)
    data_key = BytesField(max_length=400, null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="a_serial_is_given_once_in_its_series"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.count})"


class SeriesManager(models.Manager["Series"]):
    """Only the heads that are series."""

    def get_queryset(self) -> models.QuerySet[Series]:
        """Heads whose subject says so."""
        return super().get_queryset().filter(subject__startswith=SERIES_PREFIX)


class Series(Head):
    """How many subjects of a series were ever opened, so that a removed whole subject shows."""

    objects: ClassVar[SeriesManager] = SeriesManager()

    class Meta:
        proxy = True

    @property
    def name(self) -> str:
        """The series' own name, without the prefix."""
        return self.subject.removeprefix(SERIES_PREFIX)

    @property
    def issued(self) -> int:
        """How many serials were given out."""
        return self.count


class Entry(models.Model):
    """One act on one subject; never changed, never removed."""

    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    post_code = models.CharField(max_length=80, blank=True)
    unit_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=120, blank=True)
    facts = FactsField()
    sealed = BytesField(null=True)
    prev = BytesField(max_length=32)
    hash = BytesField(max_length=32)
    leaf = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="a_subject_has_one_entry_of_each_seq"),
        ]
        indexes = [
            models.Index(fields=["id"], name="record_entry_without_leaf", condition=models.Q(leaf__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.act}"


class Root(models.Model):
    """The root of the tree over all entries at the end of a day; made to be published."""

    day = models.DateField(primary_key=True)
    size = models.PositiveBigIntegerField()
    root = BytesField(max_length=32)
    frontier = BytesField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} {self.size} {self.root.hex()}"


class Announcement(models.Model):
    """One event on its way to one listener; stored with the change that it announces."""

    topic = models.CharField(max_length=120)
    listener = models.CharField(max_length=200)
    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    payload = models.TextField()
    key = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    stuck = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "listener"], name="an_event_reaches_a_listener_once"),
        ]
        indexes = [
            models.Index(
                fields=["subject", "listener", "id"],
                name="record_announcement_open",
                condition=models.Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.listener}"
