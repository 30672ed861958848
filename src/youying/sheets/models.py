"""The table of filled sheets: a row is never overwritten, a later one points at the one that it corrects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class FilledSheet(models.Model):
    """One sheet filled in for a subject of the record, its values sealed under that subject's data key.

    `about` is whom its points speak of ("unit:5"), the subject itself where nobody else is judged.
    """

    subject = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    sheet = models.CharField(max_length=40)
    edition = models.ForeignKey("editions.EditionRow", on_delete=models.PROTECT, db_index=False)
    act = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_account = models.BigIntegerField(null=True)
    by_post_code = models.CharField(max_length=80, default="", blank=True)
    by_unit = models.BigIntegerField(null=True)
    path = models.CharField(max_length=160, default="", blank=True)
    values_sealed = models.BinaryField(null=True)
    points = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    full = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    lacking = models.JSONField(default=list)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(subject=""), name="a_filled_sheet_belongs_to_a_subject"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(full__isnull=False), name="points_stand_beside_their_full_points"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "sheet"], name="sheets_of_a_subject"),
            models.Index(
                fields=["sheet", "about", "at"], name="scores_about_somebody", condition=Q(points__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.subject}"
