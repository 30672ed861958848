"""Joint meetings on hard matters: when and where, who came, what was said, and what was decided on each matter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.models.matter import Matter


class Consultation(models.Model):
    """One joint meeting; who came by name and the minutes are sealed under its own subject."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120, db_index=True)
    called_at = models.DateTimeField()
    called_by = models.JSONField(default=dict)
    meets_at = models.DateTimeField()
    place = models.CharField(max_length=80)
    units = models.JSONField(default=list)
    held_at = models.DateTimeField(null=True)
    held_by = models.JSONField(default=dict)
    came = models.JSONField(default=list)
    sealed = models.BinaryField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    photo_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_meeting_is_held_or_cancelled_not_both",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which the record keeps this meeting's entries."""
        return f"consultation:{self.pk}"


class AgendaItem(models.Model):
    """One matter on the agenda of a meeting, and the way in which it is to be solved."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="agenda")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="consultations")
    place = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "matter"], name="a_matter_stands_once_on_an_agenda"),
        ]


class Invited(models.Model):
    """One unit that was asked to a meeting or came to it: by these rows it finds the meetings that it may read."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="invited")
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "consultation"], name="a_unit_is_invited_once"),
        ]
