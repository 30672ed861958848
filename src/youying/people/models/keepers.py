"""Who is responsible for what a register lists, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from youying.access.models import Account
from youying.people.models.registers import RegisterEntry


class Keeping(models.Model):
    """The account that is responsible for an entry: from the first day to the day that is no longer one."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="keepings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(until__isnull=True), name="one_keeper_of_an_entry_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_keeping_ends_after_it_begins"
            ),
        ]
