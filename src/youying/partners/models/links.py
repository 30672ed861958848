"""Personal links by which a partner or a helping person acts without an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from youying.access.models import Account, Unit
from youying.people.models import RegisterEntry


class PartnerLink(models.Model):
    """One signed link, for one unit or one person of it, for all its orders or for one; only its digest is kept."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links")
    who = models.CharField(max_length=40)
    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, null=True, related_name="+")
    order = models.CharField(max_length=80, default="")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_partner_link_lives_for_a_while"),
        ]

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"partner-link:{self.pk}"
