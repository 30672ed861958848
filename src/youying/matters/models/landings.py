"""What came in off hours, and with whom on duty it landed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from youying.access.models import Account
from youying.matters.models.matter import Matter


class Landing(models.Model):
    """A matter that came in off hours: with whom on duty it waits, since which stage, and why with them.

    Without an account nobody was on duty. It waits while the matter stands in the stage in which it landed.
    """

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, primary_key=True, related_name="landing")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    shift_id = models.BigIntegerField(null=True)
    roster = models.CharField(max_length=40, default="", blank=True)
    place = models.CharField(max_length=200, default="", blank=True)
    stage = models.CharField(max_length=40)
    why = models.CharField(max_length=400)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-at"], name="landings_by_account"),
            models.Index(fields=["shift_id"], name="landings_by_shift"),
        ]
