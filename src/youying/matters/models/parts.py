"""What a matter is divided into: child commitments with an owner, a deadline and what each waits for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from youying.matters.models.matter import Matter


class Part(models.Model):
    """One part of a whole: a child matter once everything that it waits for is done; refused and dropped rows stay."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parts")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.CharField(max_length=40, default="")
    after = models.JSONField(default=list)
    loop = models.CharField(max_length=40)
    within = models.CharField(max_length=30, default="")
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12)
    child = models.OneToOneField(Matter, null=True, on_delete=models.PROTECT, related_name="part_of")
    listed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "code"],
                condition=Q(state__in=("waiting", "running", "done")),
                name="one_standing_part_per_code",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "dropped")) | Q(child__isnull=False),
                name="a_part_begun_is_a_matter",
            ),
        ]
