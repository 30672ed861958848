"""What the portal keeps of its own: tries at look-up and reports from one address, as keyed hashes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Try(models.Model):
    """One wrong try at a number or from an address, or one report from an address; forgotten after a day."""

    kind = models.CharField(max_length=8)
    whose = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "whose", "at"], name="tries_of_one")]
