"""Tables of the text context: categories a street adds, and the models it has trained."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class LocalCategory(models.Model):
    """A category that an installation adds to the shipped ones; closed rather than deleted."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=40)
    words = models.JSONField(default=list, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="a_category_has_a_title"),
        ]


class LearnedModel(models.Model):
    """One trained model: where it lies, for which area, from how many letters, how well it did on those held out.

    At most one an area is in use. `known` is how many decided matters there were when it was made; `stale` says that
    words have been erased since which it may hold; without `file` its file is gone and only the figures are kept.
    """

    area_path = models.CharField(max_length=120, default="/")
    file = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    rows = models.PositiveIntegerField()
    known = models.PositiveIntegerField(default=0)
    classes = models.PositiveIntegerField()
    macro_f1 = models.FloatField(null=True)
    worst_fold = models.FloatField(null=True)
    coverage_at_97 = models.FloatField(null=True)
    taken = models.BooleanField(default=True)
    in_use = models.BooleanField(default=False)
    stale = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_path"], condition=Q(in_use=True), name="one_model_an_area_is_in_use"),
            models.CheckConstraint(condition=Q(in_use=False) | ~Q(file=""), name="a_model_in_use_has_its_file"),
        ]
