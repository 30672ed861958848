"""Every write of people: person files, registers, duty."""

from youying.people.actions.hand_overs import mind_rosters, read_hand_over, write_hand_over
from youying.people.actions.keepers import entrust
from youying.people.actions.listing import columns_of_register, import_entries, try_entries
from youying.people.actions.memberships import move_in, move_out, note_birth, note_birthday
from youying.people.actions.merging import merge_persons
from youying.people.actions.month_sheets import import_month, try_month
from youying.people.actions.persons import follow_move, forget_person, remember_person
from youying.people.actions.registers import (
    change_class,
    correct_entry,
    end_erased,
    end_lapsed,
    enter,
    give_consent,
    leave,
    withdraw_consent,
)
from youying.people.actions.rosters import assign_shift, clear_shifts, free_shifts, move_shifts, plan_shifts
from youying.people.actions.running_out import tell_running_out
from youying.people.actions.swaps import answer_swap, approve_swap, ask_swap, withdraw_swap

__all__ = [
    "answer_swap", "approve_swap", "ask_swap", "assign_shift", "change_class", "clear_shifts", "columns_of_register",
    "correct_entry", "end_erased", "end_lapsed", "enter", "entrust", "follow_move", "forget_person", "free_shifts", "give_consent",
    "import_entries", "import_month", "leave", "merge_persons", "mind_rosters", "move_in", "move_out", "move_shifts", "note_birth", "note_birthday", "plan_shifts", "read_hand_over",
    "remember_person", "tell_running_out", "try_entries", "try_month", "withdraw_consent", "withdraw_swap", "write_hand_over",
]  # fmt: skip
