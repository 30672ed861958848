"""Tables of people: person files and households."""

from youying.people.models.persons import Household, Person

__all__ = ["Household", "Person"]
