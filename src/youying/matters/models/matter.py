"""The matter itself, and who reported it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Matter(models.Model):
    """Anything somebody must see to an end; its columns are the facts that packs, lists and rates speak of."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=16)
    loop = models.CharField(max_length=40)
    edition = models.ForeignKey("editions.EditionRow", on_delete=models.PROTECT, db_index=False)
    version = models.PositiveIntegerField(default=1)

    channel = models.CharField(max_length=30)
    external_id = models.CharField(max_length=120, null=True)
    category = models.CharField(max_length=40, default="")
    category_why = models.CharField(max_length=120, default="")
    category_share = models.PositiveSmallIntegerField(default=0)
    category_guess = models.CharField(max_length=40, default="")
    category_by = models.CharField(max_length=8, default="")
    urgency = models.CharField(max_length=16, default="")
    grade = models.CharField(max_length=40, default="")
    route = models.CharField(max_length=40, default="")
    title = models.CharField(max_length=80)
    words = models.TextField()

    area_path = models.CharField(max_length=120)
    place_path = models.CharField(max_length=160)
    compound_id = models.BigIntegerField(null=True)
    building_id = models.BigIntegerField(null=True)
    home_id = models.BigIntegerField(null=True)
    grid_id = models.BigIntegerField(null=True)
    place_words = models.CharField(max_length=120, default="")
    place_why = models.CharField(max_length=120, default="")
    entrance = models.PositiveSmallIntegerField(default=0)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    stage = models.CharField(max_length=40)
    tier = models.CharField(max_length=16, default="")
    lead = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    due_clock = models.CharField(max_length=40, default="")
    due_from = models.DateTimeField(null=True)
    due_natural = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    waiting = models.BooleanField(default=False)

    contacted_on_time = models.BooleanField(null=True)
    completed_on_time = models.BooleanField(null=True)
    overdue = models.BooleanField(default=False)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=16, default="")
    contacted = models.BooleanField(null=True)
    answered = models.PositiveSmallIntegerField(default=0)
    crossed_off = models.BooleanField(default=False)
    end_reason = models.CharField(max_length=40, default="")
    excluded = models.CharField(max_length=40, default="")
    reworks = models.PositiveSmallIntegerField(default=0)
    hand_backs = models.PositiveSmallIntegerField(default=0)
    extended = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)
    supervised = models.CharField(max_length=16, default="")
    parked = models.BooleanField(default=False)
    redispatches = models.PositiveSmallIntegerField(default=0)
    designated = models.BooleanField(default=False)
    whistles = models.PositiveSmallIntegerField(default=0)
    reported_in = models.BooleanField(null=True)
    reported_in_on_time = models.BooleanField(null=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    sessions = models.PositiveSmallIntegerField(default=0)
    parts_done = models.BooleanField(null=True)
    received_at = models.DateTimeField(null=True)
    rechecked = models.BooleanField(null=True)
    causes = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, default="")
    repeat = models.BooleanField(default=False)
    reporter_count = models.PositiveSmallIntegerField(default=0)
    photo_count = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False)

    wake_at = models.DateTimeField(null=True)
    wake_for = models.CharField(max_length=12, default="")
    running = models.PositiveSmallIntegerField(default=0)
    runs = models.JSONField(default=dict)
    doers = models.JSONField(default=dict)
    last_step = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="one_matter_per_channel_and_external_id"),
            models.CheckConstraint(
                condition=Q(crossed_off=False) | Q(ended_at__isnull=False), name="crossed_off_has_ended"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="never_merged_into_itself"),
            models.CheckConstraint(condition=Q(version__gte=1), name="version_counts_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_path", "due_at"], name="open_by_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["lead", "due_at"], name="open_by_unit", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["area_path", "-opened_at"], name="by_area_opened"),
            models.Index(fields=["lead", "-opened_at"], name="by_unit_opened"),
            models.Index(fields=["-changed_at"], name="by_changed"),
            models.Index(fields=["-opened_at"], name="by_opened"),
            models.Index(fields=["compound_id", "-opened_at"], name="by_compound_opened"),
            models.Index(fields=["merged_into"], name="by_merged_into", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["wake_at"], name="matters_to_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["parent"], name="by_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["grid_id", "-opened_at"], name="by_grid_opened"),
            models.Index(fields=["lead", "area_path"], name="by_unit_area"),
            models.Index(fields=["category", "area_path"], name="by_category_area"),
            models.Index(fields=["channel", "area_path"], name="by_channel_area"),
            models.Index(fields=["kind", "area_path"], name="by_kind_area"),
            models.Index(fields=["stage", "area_path"], name="by_stage_area"),
            models.Index(fields=["urgency", "area_path"], name="by_urgency_area"),
            models.Index(fields=["due_at", "id"], name="by_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["opened_at", "id"], name="open_by_opened", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["changed_at", "id"], name="open_by_changed", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["id"], name="open_by_number", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["loop"], name="open_by_loop", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["grade"], name="open_by_grade", condition=Q(ended_at__isnull=True)),
            # Lists of open matters are counted and ordered from this index alone.
            models.Index(
                fields=[
                    *("area_path", "lead", "category", "channel", "kind", "stage", "urgency", "compound_id", "grid_id"),
                    *("due_at", "yellow_at", "red_at", "paused", "waiting", "opened_at", "changed_at"),
                ],
                name="open_list",
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which the record keeps this matter's entries."""
        return f"matter:{self.pk}"

    @property
    def grid_path(self) -> str:
        """The grid's place in the tree of reach; empty where no grid is known."""
        return f"{self.area_path}/g{self.grid_id}" if self.grid_id else ""

    @property
    def completed(self) -> bool:
        """True once the unit has said that it is done."""
        return self.completed_at is not None

    @property
    def merged_away(self) -> bool:
        """True where this matter lives on in another one."""
        return self.merged_into_id is not None


class Reporter(models.Model):
    """One person who reported a matter; the contact is sealed, the look-up secret only a keyed hash.

    On a part, `whole` is the same person's row on the matter that it was split from, which holds contact and secret.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reporters")
    came_as = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="came", null=True)
    contact_sealed = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=40, default="", db_index=True)
    protected = models.BooleanField(default=False)
    channel = models.CharField(max_length=30)
    at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, default="")
    whole = models.ForeignKey("self", on_delete=models.PROTECT, related_name="on_parts", null=True, db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["secret_hash"], name="reporters_by_secret", condition=~Q(secret_hash="")),
            models.Index(fields=["whole"], name="reporters_by_whole", condition=Q(whole__isnull=False)),
        ]
