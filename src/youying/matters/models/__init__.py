"""Tables of the closed loop, one module a subject; a new table is named here."""

from youying.matters.models.answers import Attempt, Verdict
from youying.matters.models.consulting import AgendaItem, Consultation, Invited
from youying.matters.models.landings import Landing
from youying.matters.models.lists import SearchRow, Tally, TallyRows
from youying.matters.models.matter import Matter, Reporter
from youying.matters.models.parking import Parking
from youying.matters.models.parts import Part
from youying.matters.models.supervising import Supervision
from youying.matters.models.whistles import Summons
from youying.matters.models.work import Ask, Assignment, Clock, StuckBell

__all__ = [
    "AgendaItem",
    "Ask",
    "Assignment",
    "Attempt",
    "Clock",
    "Consultation",
    "Invited",
    "Landing",
    "Matter",
    "Parking",
    "Part",
    "Reporter",
    "SearchRow",
    "StuckBell",
    "Summons",
    "Supervision",
    "Tally",
    "TallyRows",
    "Verdict",
]
