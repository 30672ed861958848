"""Runs of an assessment: what went in, frozen; every score with its exact fraction and its working."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class AssessmentRun(models.Model):
    """An assessment of everybody in an area for a period, from `since` to the day before `until`."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    area_path = models.CharField(max_length=200)
    edition = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    run_at = models.DateTimeField()
    post_title = models.CharField(max_length=60, blank=True)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "area_path", "since", "until"],
                condition=Q(replaced_by__isnull=True),
                name="a_period_is_assessed_once",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="an_assessed_period_has_days"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"assessment:{self.pk}"


class AssessmentScore(models.Model):
    """One score of a run: the exact fraction (both empty where nothing could be assessed), the class, the working.

    Both are text, because exact whole numbers outgrow every number of a database.
    """

    run = models.ForeignKey(AssessmentRun, on_delete=models.PROTECT, related_name="scores")
    of = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    numerator = models.TextField(null=True)
    denominator = models.TextField(null=True)
    band = models.CharField(max_length=40, blank=True)
    working = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "of"], name="somebody_is_scored_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True, band="")
                | Q(numerator__gt="", denominator__gt=""),
                name="a_score_is_a_fraction_or_nothing",
            ),
        ]
