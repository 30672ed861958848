"""Tables of the closed loop: the matter, who reported it, who sees to it, its clocks, what was asked and answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.matters.tally_rules import COUNTED


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


class Assignment(models.Model):
    """Which unit must do what on a matter: lead, joint or summoned."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=12)
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(role="lead", until__isnull=True), name="one_lead_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "matter"], name="assigned_now", condition=Q(until__isnull=True)),
        ]


class Clock(models.Model):
    """One running or stopped period: its rule, its working and what came of it."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    run = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=40)
    rule = models.JSONField()
    working = models.JSONField(null=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    earliest_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    paused = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=40, default="")
    met = models.BooleanField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "code", "run"], name="one_clock_per_run"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="clocks_to_ring", condition=Q(next_at__isnull=False)),
        ]

    @property
    def running(self) -> bool:
        """True until an act stops it."""
        return self.stopped_at is None


class Ask(models.Model):
    """A step or an extension that waits for another post's yes; or a proposal made by a ladder."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=12)
    step = models.CharField(max_length=40)
    posts = models.JSONField()
    asked_by = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    silent = models.CharField(max_length=12, default="escalate")
    sealed = models.BinaryField(null=True)
    answer = models.CharField(max_length=12, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "kind", "step"], condition=Q(answer=""), name="one_open_ask_per_step"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="asks_to_answer", condition=Q(answer="")),
        ]


class StuckBell(models.Model):
    """A bell that could not be rung: which, what kind of fault, how often tried, and when it is tried again."""

    bell = models.CharField(max_length=12)
    row_id = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=120)
    tries = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    try_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bell", "row_id"], name="one_line_per_stuck_bell"),
        ]


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


class SearchRow(models.Model):
    """The full-text index, FTS5 or tsvector; made by its own migration and read with the database's own match."""

    rowid = models.BigIntegerField(primary_key=True)
    tokens = models.TextField()

    class Meta:
        db_table = "matters_search"


class TallyRows(models.QuerySet["Tally"]):
    """The two kinds of cells; every matter counts in one of each."""

    def full(self) -> TallyRows:
        """Cells that tell everything apart."""
        return self.exclude(edition_id="")

    def by_unit(self) -> TallyRows:
        """Cells that tell month, area, unit and facts apart and leave the finer dimensions out: far fewer."""
        return self.filter(edition_id="")


class Tally(models.Model):
    """How many matters share one month, place, unit and set of facts: rates are sums over these rows."""

    cell = models.CharField(max_length=32, primary_key=True)
    month = models.DateField()
    kind = models.CharField(max_length=16)
    loop = models.CharField(max_length=40)
    edition_id = models.CharField(max_length=64)
    area_path = models.CharField(max_length=120)
    compound_id = models.BigIntegerField(null=True)
    grid_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=30)
    tier = models.CharField(max_length=16)
    urgency = models.CharField(max_length=16)
    merged = models.BooleanField()
    contacted_on_time = models.BooleanField(null=True)
    completed = models.BooleanField()
    completed_on_time = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=16)
    crossed_off = models.BooleanField()
    overdue = models.BooleanField()
    reworked = models.BooleanField()
    repeat = models.BooleanField()
    reason = models.CharField(max_length=40)
    n = models.BigIntegerField()

    objects: ClassVar = TallyRows.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["month", "area_path"], name="tally_by_month_area"),
            models.Index(
                fields=["month", "unit_id", "area_path", "kind", "loop", "tier", *COUNTED, "n", "edition_id"],
                name="whole_tally_by_unit",
                condition=Q(edition_id=""),
            ),
        ]
