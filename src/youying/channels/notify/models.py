"""Words to people: kept until somebody has seen or said them; no sender is needed for that."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing to be known by a post, by a unit, by one person, or to be told to a reporter by an officer."""

    audience = models.CharField(max_length=10)
    post_code = models.CharField(max_length=40, default="", blank=True)
    unit_id = models.BigIntegerField(null=True)
    area_path = models.CharField(max_length=160)
    matter_id = models.BigIntegerField(null=True)
    reporter_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=20, default="", blank=True)
    meeting = models.CharField(max_length=20, default="", blank=True)
    say = models.CharField(max_length=200)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=160, unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["audience", "area_path", "-at"], name="notices_open", condition=Q(seen_at__isnull=True)
            )
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"notice:{self.pk}"
