"""What places have adopted: editions, local packs, directory rows, days of the calendar, local numbers.

An edition is stored once under its digest and never changed. Adoptions, directory rows and numbers are effective-dated:
what held on a day can be read for ever.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class EditionRow(models.Model):
    """One merged pack, named by the digest of its canonical JSON."""

    digest = models.CharField(max_length=64, primary_key=True)
    canonical = models.TextField()
    title = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title}（{self.digest[:12]}）"


class LocalPack(models.Model):
    """One version of an area's local pack, as its people wrote it (TOML)."""

    area_path = models.CharField(max_length=200)
    toml = models.TextField()
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_path", "version"], name="a_local_pack_has_each_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_path} 第{self.version}版"


class Adoption(models.Model):
    """From `since` on, new matters of the area follow the edition."""

    area_path = models.CharField(max_length=200)
    edition = models.ForeignKey(EditionRow, on_delete=models.PROTECT, related_name="adoptions")
    local_pack = models.ForeignKey(LocalPack, on_delete=models.PROTECT, related_name="adoptions")
    since = models.DateTimeField()
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=80)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["area_path", "since"], name="adoption_area_since")]
        constraints = [
            models.CheckConstraint(condition=Q(since__gte=F("adopted_at")), name="an_adoption_never_reaches_back"),
        ]


class DirectoryRow(models.Model):
    """Which unit a category goes to in an area, from one day until another."""

    area_path = models.CharField(max_length=200)
    category = models.CharField(max_length=60)
    unit = models.CharField(max_length=80)
    joint = models.JSONField(default=list, blank=True)
    not_to = models.JSONField(default=list, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    urgency = models.CharField(max_length=40, blank=True)
    within = models.CharField(max_length=40, blank=True)
    loop = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_path", "category"],
                condition=Q(until__isnull=True),
                name="a_category_has_one_row_in_force_in_an_area",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_directory_row_ends_after_it_begins"
            ),
        ]


class CalendarDay(models.Model):
    """A day on which the week's rule does not hold: a holiday, or a working weekend; "national" holds for every calendar."""

    calendar = models.CharField(max_length=60, default="national")
    area_path = models.CharField(max_length=200, default="/")
    day = models.DateField()
    working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "area_path", "day"], name="a_calendar_says_a_day_once"),
        ]


class ParamValue(models.Model):
    """A number of the place (`param:dibao-line`), from one day on."""

    area_path = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    value = models.JSONField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_path", "name", "since"], name="a_number_changes_once_at_a_moment"),
        ]
