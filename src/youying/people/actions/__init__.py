"""Every write of people: person files."""

from youying.people.actions.persons import follow_move, forget_person, remember_person

__all__ = ["follow_move", "forget_person", "remember_person"]
