"""The register of places: areas, compounds, buildings, homes, grids, roads and the codes at entrances.

Every place has a path ("/63/6301/630103/630103005/630103005012/c12/b34"): whoever reaches a path reaches all below it.
Places are closed, never deleted. Points are longitude and latitude (WGS 84); polygons are GeoJSON geometries.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from youying.places.rules import AREA_SOURCES, HOME_USES, LEVELS, OCCUPANCIES


class Located(models.Model):
    """What all places on the ground share."""

    path = models.CharField(max_length=200, unique=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are known."""
        if self.longitude is None or self.latitude is None:
            return None
        return (self.longitude, self.latitude)


class Area(Located):
    """A node of the administrative tree."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12, choices=list(LEVELS.items()))
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    zone = models.CharField(max_length=40, blank=True, help_text="IANA time zone; empty: the parent's.")
    polygon = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="an_area_has_a_known_level"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="the_path_of_an_area_starts_at_the_root"),
        ]

    def __str__(self) -> str:
        return self.name


class Compound(Located):
    """A residential estate, or a village's cluster of houses, or a street-side row."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="compounds")
    name = models.CharField(max_length=80)
    aliases = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=20, default="estate")
    address = models.CharField(max_length=200, blank=True)
    polygon = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="a_compound_is_named_once_in_an_area"),
        ]

    def __str__(self) -> str:
        return self.name


class Building(Located):
    """A building of a compound; `name` is what people call it ("3号楼")."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=60)
    aliases = models.JSONField(default=list, blank=True)
    entrances = models.PositiveSmallIntegerField(default=1)
    floors = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="a_building_is_named_once_in_a_compound"),
            models.CheckConstraint(condition=Q(entrances__gte=1), name="a_building_has_an_entrance"),
        ]

    def __str__(self) -> str:
        return self.name


class Home(models.Model):
    """One home of a building; `entrance` 0 where the building does not tell its entrances apart."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="homes")
    entrance = models.PositiveSmallIntegerField(default=0)
    floor = models.SmallIntegerField(default=1)
    number = models.CharField(max_length=20)
    use = models.CharField(max_length=8, choices=list(HOME_USES.items()), default="dwelling")
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    area_source = models.CharField(max_length=12, choices=list(AREA_SOURCES.items()), blank=True)
    occupancy = models.CharField(max_length=8, choices=list(OCCUPANCIES.items()), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "entrance", "number"], name="a_home_is_numbered_once_at_an_entrance"
            ),
            models.CheckConstraint(condition=Q(use__in=list(HOME_USES)), name="a_home_has_a_known_use"),
            models.CheckConstraint(condition=Q(occupancy__in=["", *OCCUPANCIES]), name="a_home_has_a_known_occupancy"),
            models.CheckConstraint(
                condition=Q(area_m2__isnull=True, area_source="")
                | Q(area_m2__gt=0, area_source__in=list(AREA_SOURCES)),
                name="an_area_of_a_home_names_its_source",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"home:{self.pk}"


class Grid(Located):
    """The smallest unit of management inside a community; its worker and telephones are public by law."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="grids")
    code = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=80)
    polygon = models.JSONField(null=True, blank=True)
    worker_name = models.CharField(max_length=40, blank=True)
    worker_phone = models.CharField(max_length=20, blank=True)
    supervision_phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.title


class GridCover(models.Model):
    """Which compounds and buildings a grid looks after; a building's own row wins over its compound's."""

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="covers")
    compound = models.OneToOneField(Compound, null=True, blank=True, on_delete=models.PROTECT, related_name="cover")
    building = models.OneToOneField(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="cover")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(compound__isnull=True, building__isnull=False)
                | Q(compound__isnull=False, building__isnull=True),
                name="a_cover_is_of_a_compound_or_of_a_building",
            ),
        ]


class GridSpell(models.Model):
    """From when to when a grid looked after a building, by a cover of its own or of its compound."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="grid_spells")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="spells")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building"],
                condition=Q(ended_at__isnull=True),
                name="one_grid_at_a_time_looks_after_a_building",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("begun_at")),
                name="a_spell_under_a_grid_ends_after_it_began",
            ),
        ]


class Road(models.Model):
    """A named road of an area, for finding places in text."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="roads")
    name = models.CharField(max_length=80)
    aliases = models.JSONField(default=list, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="a_road_is_named_once_in_an_area")]

    def __str__(self) -> str:
        return self.name


class EntranceCode(models.Model):
    """The opaque code on the QR sheet of one entrance: stable for good, revocable, then never used again."""

    code = models.CharField(max_length=16, unique=True)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrance_codes")
    entrance = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "entrance"],
                condition=Q(revoked_at__isnull=True),
                name="an_entrance_has_one_code_in_force",
            ),
        ]


class Stamp(models.Model):
    """The version of what a process may keep in memory: a new random token at every change."""

    name = models.CharField(max_length=24, primary_key=True)
    token = models.CharField(max_length=36)
