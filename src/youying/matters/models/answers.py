"""What was asked of residents and what they answered."""

from __future__ import annotations

from django.db import models

from youying.matters.models.matter import Matter, Reporter


class Attempt(models.Model):
    """One try to reach the resident: the proof without which silence closes nothing."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="attempts")
    reporter = models.ForeignKey(Reporter, null=True, on_delete=models.PROTECT, db_index=False)
    run = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12)
    reached = models.BooleanField()
    at = models.DateTimeField()


class Verdict(models.Model):
    """A resident's answer in one round: contacted, solved, satisfied, and why not."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="verdicts")
    reporter = models.ForeignKey(Reporter, null=True, on_delete=models.PROTECT)
    run = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField()
    satisfaction = models.CharField(max_length=16)
    reasons = models.JSONField(default=list)
