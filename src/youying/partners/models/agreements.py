"""The signed agreement by which a unit is a partner."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.access.models import Unit


class Agreement(models.Model):
    """契约化共建协议: from when to when a unit is a partner; renewed in place, ended early for a coded reason."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="agreements")
    area_path = models.CharField(max_length=160)
    register = models.CharField(max_length=40)
    signed_on = models.DateField()
    since = models.DateField()
    until = models.DateField()
    file_token = models.CharField(max_length=64, default="")
    remind_days = models.PositiveSmallIntegerField(default=30)
    reminded_for = models.DateField(null=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area_path"], name="agreements_by_area"),
            models.Index(fields=["until"], name="agreements_by_end", condition=Q(ended_on__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="an_agreement_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(since__gte=F("signed_on")), name="an_agreement_starts_once_signed"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_on__isnull=True), name="one_agreement_runs_for_a_unit"
            ),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"partner-agreement:{self.pk}"
