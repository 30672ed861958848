"""Person files: sealed values, and keyed fingerprints to find them by."""

from __future__ import annotations

from django.db import models

from youying.kernel.identifiers import uuid7
from youying.places.models import Home
from youying.record.models import BytesField


class Household(models.Model):
    """The people of one home."""

    home = models.OneToOneField(Home, on_delete=models.PROTECT, related_name="household")
    name = models.CharField(max_length=60, blank=True)


class Person(models.Model):
    """Somebody the place knows; name, telephone and ID number are ciphertext under the person's own data key.

    A double that was merged stays as a pointer: what finds it leads to the file that it was merged into.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = models.CharField(max_length=200, db_index=True)
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    name_sealed = BytesField(null=True)
    phone_sealed = BytesField(null=True)
    id_number_sealed = BytesField(null=True)
    birth_sealed = BytesField(null=True)  # without an index: nobody is looked for by age
    name_index = models.CharField(max_length=32, blank=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    id_number_index = models.CharField(max_length=32, blank=True, db_index=True)
    made_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="doubles")

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"person:{self.pk}"

    @property
    def standing(self) -> Person:
        """The file that stands for it: itself, or the one that it was merged into."""
        return self.merged_into or self
