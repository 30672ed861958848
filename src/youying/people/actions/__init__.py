"""Every write of people: person files, registers."""

from youying.people.actions.persons import follow_move, forget_person, remember_person
from youying.people.actions.registers import (
    change_class,
    correct_entry,
    end_erased,
    enter,
    give_consent,
    leave,
    withdraw_consent,
)

__all__ = [
    "change_class", "correct_entry", "end_erased", "enter", "follow_move", "forget_person", "give_consent", "leave",
    "remember_person", "withdraw_consent",
]  # fmt: skip
