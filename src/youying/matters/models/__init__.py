"""Tables of the closed loop, one module a subject; a new table is named here."""

from youying.matters.models.answers import Attempt, Verdict
from youying.matters.models.landings import Landing
from youying.matters.models.lists import SearchRow, Tally, TallyRows
from youying.matters.models.matter import Matter, Reporter
from youying.matters.models.work import Ask, Assignment, Clock, StuckBell

__all__ = [
    "Ask",
    "Assignment",
    "Attempt",
    "Clock",
    "Landing",
    "Matter",
    "Reporter",
    "SearchRow",
    "StuckBell",
    "Tally",
    "TallyRows",
    "Verdict",
]
