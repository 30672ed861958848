"""Tables of people: person files, households, and who is on duty."""

from youying.people.models.persons import Household, Person
from youying.people.models.rosters import HandOver, Shift, Swap

__all__ = ["HandOver", "Household", "Person", "Shift", "Swap"]
