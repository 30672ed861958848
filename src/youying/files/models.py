"""The table of uploads; the bytes lie sealed in the home folder."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """One file that somebody gave, known by a token nobody can guess."""

    IMAGE, SHEET, DOCUMENT = "image", "sheet", "document"
    KINDS: ClassVar[list[tuple[str, str]]] = [(IMAGE, "图片"), (SHEET, "表格"), (DOCUMENT, "文档")]

    token = models.CharField(max_length=43, unique=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    media_type = models.CharField(max_length=80)
    name_sealed = models.BinaryField(null=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    subject = models.CharField(max_length=80, default="", blank=True)
    role = models.CharField(max_length=16, default="", blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    path = models.CharField(max_length=80)
    thumbnail_path = models.CharField(max_length=80, default="", blank=True)
    thumbnail_size = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="uploads_of_a_subject", condition=~Q(subject="")),
            models.Index(fields=["uploaded_at"], name="uploads_without_a_subject", condition=Q(subject="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="an_upload_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def own_subject(self) -> str:
        """Its own name in the record; its data key opens the bytes on the disk."""
        return f"upload:{self.pk}"
