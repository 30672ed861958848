"""What a higher level asks for by its own deadline: supervisions, each with its letter, reply and release."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.matters.models.matter import Matter


class Supervision(models.Model):
    """One supervision of a matter at one level: what was asked, by when, what the unit replied, who released it."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="supervisions")
    number = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=16)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    opened_by = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    within = models.CharField(max_length=30)
    working = models.JSONField(null=True)
    due_at = models.DateTimeField()
    renewed = models.PositiveSmallIntegerField(default=0)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.JSONField(default=dict)
    reply_sealed = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, default="")
    ended_by = models.JSONField(default=dict)
    release_sealed = models.BinaryField(null=True)
    overdue = models.BooleanField(default=False)
    ring_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "level"], condition=Q(ended_at__isnull=True), name="one_open_supervision_per_level"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_as=""), name="an_ended_supervision_says_how"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="a_supervision_is_due_after_its_start"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ring_at"], name="supervisions_to_ring", condition=Q(ring_at__isnull=False)),
            models.Index(fields=["due_at"], name="open_supervisions", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number
