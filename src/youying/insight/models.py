"""What insight keeps: the warnings that watches raised, until a person has judged them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Warning(models.Model):
    """More of a kind than a watch allows, in one group of matters; open until somebody judges it."""

    area_path = models.CharField(max_length=120)
    watch = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    edition_id = models.CharField(max_length=64)
    group = models.JSONField()
    group_key = models.CharField(max_length=200)
    group_title = models.CharField(max_length=160)
    place_path = models.CharField(max_length=200)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    n = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    windows = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=200)
    tells = models.JSONField(default=list)
    judges = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    judged_as = models.CharField(max_length=20, default="")
    judged_by = models.BigIntegerField(null=True)
    note_sealed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_path", "watch", "group_key"],
                condition=Q(judged_at__isnull=True),
                name="one_open_warning_per_watch_and_group",
            ),
            models.CheckConstraint(condition=Q(n__gte=1), name="a_warning_counts_at_least_one"),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, judged_as="") | (Q(judged_at__isnull=False) & ~Q(judged_as="")),
                name="a_judged_warning_says_as_what",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lt=F("until")), name="a_warnings_window_has_a_length"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place_path"], name="open_warnings_by_place", condition=Q(judged_at__isnull=True)),
            models.Index(fields=["area_path", "watch", "judged_at"], name="warnings_by_watch"),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.group_title}"

    @property
    def subject(self) -> str:
        """The name under which the record keeps this warning's entries."""
        return f"warning:{self.pk}"
