"""Every write of the closed loop; other contexts open, join and close matters only through these."""

from youying.matters.actions.bulk import open_many, try_many
from youying.matters.actions.calling_off import call_off
from youying.matters.actions.consulting import Came, Decision, call_meeting, cancel_meeting, hold_meeting
from youying.matters.actions.door import act, call_back
from youying.matters.actions.excluding import exclude, include, object_exclusion, propose_exclusion
from youying.matters.actions.extending import ask_extension
from youying.matters.actions.history import Told
from youying.matters.actions.house import (
    add_words,
    approve,
    correct,
    reassign,
    refuse,
    reopen,
    undo,
)
from youying.matters.actions.intake import Opened, open_matter
from youying.matters.actions.moving import move_edition, split
from youying.matters.actions.ordering import order
from youying.matters.actions.parking import review_parking
from youying.matters.actions.part_acts import drop_part, give_part
from youying.matters.actions.reporters import Issued, issue_secret
from youying.matters.actions.supervising import release_supervision, renew_supervision, reply_supervision
from youying.matters.actions.sweep import sweep
from youying.matters.intake_rules import NeedIn, ReporterIn

__all__ = [
    "Came", "Decision", "Issued", "NeedIn", "Opened", "ReporterIn", "Told", "act", "add_words", "approve",
    "ask_extension", "call_back", "call_meeting", "call_off", "cancel_meeting", "correct", "drop_part", "exclude",
    "give_part", "hold_meeting", "include", "issue_secret", "move_edition", "object_exclusion", "open_many",
    "open_matter", "order", "propose_exclusion", "reassign", "refuse", "release_supervision", "renew_supervision",
    "reopen", "reply_supervision", "review_parking", "split", "sweep", "try_many", "undo",
]  # fmt: skip
