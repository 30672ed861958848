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
    """One trained model: where it lies, what it was trained on, how well it did; at most one is in use."""

    file = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    classes = models.PositiveIntegerField()
    macro_f1 = models.FloatField(null=True)
    in_use = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="one_model_is_in_use"),
        ]
