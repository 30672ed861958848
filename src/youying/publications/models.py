"""What was posted, as it was; and what people objected to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from youying.record.models import BytesField


class Publication(models.Model):
    """One notice: its content frozen, from when to when; kept for good after it comes down."""

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    shows = models.CharField(max_length=80)
    area_path = models.CharField(max_length=200)
    at = models.CharField(max_length=80)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    clause = models.CharField(max_length=200, blank=True)
    objection_to = models.JSONField(default=list)
    objection_within = models.CharField(max_length=24, blank=True)
    edition = models.CharField(max_length=64)
    working = models.JSONField()
    posted_at = models.DateTimeField()
    until = models.DateTimeField()
    post_title = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="notices_by_their_end")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("posted_at")), name="a_notice_is_up_for_a_while"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_why__gt=""),
                name="a_notice_taken_down_early_says_why",
            ),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"publication:{self.pk}"


class PublicationObjection(models.Model):
    """What somebody objects to a notice, sealed; due by the pack's days, answered with a yes or a no.

    `form` is the mark of the form that was sent, by which the same form objects once.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="objections")
    words_sealed = BytesField(null=True)
    contact_sealed = BytesField(null=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    answer_sealed = BytesField(null=True)
    form = models.CharField(max_length=40, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "form"], name="a_form_objects_to_a_notice_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, upheld__isnull=False),
                name="an_objection_is_upheld_or_not",
            ),
        ]
