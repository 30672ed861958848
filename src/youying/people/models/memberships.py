"""Who belongs to a household, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from youying.people.membership_rules import BEGINNINGS, ENDINGS, ROLES, Stay
from youying.people.models.persons import Household, Person


class Membership(models.Model):
    """A person in a household: from the first day to the day of leaving, which is no longer one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=list(ROLES.items()))
    since = models.DateField()
    began = models.CharField(max_length=12, choices=list(BEGINNINGS.items()))
    until = models.DateField(null=True)
    ended = models.CharField(max_length=12, choices=list(ENDINGS.items()), blank=True)

    class Meta:
        indexes = [models.Index(fields=["household", "since"], name="members_of_a_household")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="one_household_at_a_time"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="") | Q(until__gte=F("since"), ended__in=list(ENDINGS)),
                name="a_membership_ends_after_it_begins_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="a_member_has_a_known_role"),
        ]

    @property
    def stay(self) -> Stay:
        """Its days."""
        return Stay(self.household_id, self.since, self.until)
