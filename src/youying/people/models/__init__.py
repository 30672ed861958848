"""Tables of people: person files, households, registers, and who is on duty."""

from youying.people.models.keepers import Keeping
from youying.people.models.memberships import Membership
from youying.people.models.persons import Household, Person
from youying.people.models.registers import Consent, RegisterEntry
from youying.people.models.rosters import HandOver, Shift, Swap

__all__ = ["Consent", "HandOver", "Household", "Keeping", "Membership", "Person", "RegisterEntry", "Shift", "Swap"]
