"""Registers: classed lists of persons, homes, units, places and things; nothing is struck out, entries end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from youying.access.models import Unit
from youying.people.models.persons import Person
from youying.people.register_rules import CONSENTS, SORTS
from youying.places.models import Home


class RegisterEntry(models.Model):
    """One line of a register; `key` says what is listed (person:…, home:…, unit:…, place:…, thing:…).

    `area_path` is the area whose register it is, `path` the deepest known place. Of a person only the file is named:
    name and telephone stay sealed there. `basis` is consent or the law that lists people without asking them.
    """

    register = models.CharField(max_length=40)
    of = models.CharField(max_length=8, choices=list(SORTS.items()))
    class_code = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=80, blank=True)
    area_path = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="entries")
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=80, blank=True)
    edition = models.CharField(max_length=64)
    since = models.DateField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["register", "path", "id"], name="entries_of_a_register"),
            models.Index(fields=["key"], name="entries_by_what_is_listed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "area_path", "key"], condition=Q(left_at__isnull=True), name="listed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_reason="") | Q(left_at__isnull=False, left_reason__gt=""),
                name="whoever_leaves_a_register_leaves_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(of="person", person__isnull=False)
                | Q(of="home", home__isnull=False)
                | Q(of="unit", unit__isnull=False)
                | Q(of__in=["place", "thing"], title__gt=""),
                name="an_entry_names_what_is_listed",
            ),
            models.CheckConstraint(
                condition=~Q(of="person") | Q(title=""), name="an_entry_of_a_person_carries_no_name"
            ),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record, and that of the sheet filled in for it."""
        return f"register-entry:{self.pk}"


class Consent(models.Model):
    """What somebody listed agreed to, how, and until when; withdrawing is as easy as giving."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=12, choices=list(CONSENTS.items()))
    way = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="a_consent_is_withdrawn_after_it_is_given",
            ),
        ]
