"""The life of a hard demand: classed so, passed to joint handling, met on with others, and solved by several units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from youying.files.actions import take
from youying.kernel.moments import now
from youying.matters import actions
from youying.matters.actions import Came, Decision
from youying.matters.models import Consultation, Matter
from youying.stories.lives import Life
from youying.stories.pictures import photo
from youying.stories.telling import Teller

WAYS = ("on-site", "joint", "joint")
"""How the meetings of the story solve what was raised; nothing is divided there, so nothing is said to be."""
PLACES = ("镇政府二楼会议室", "桐荫里南门", "北塔老街口")
MINUTES = "各单位到现场看过，定下主办协办、先后次序和期限。"


@dataclass
class Joint:
    """One matter after the meeting."""

    life: Life
    matter_id: int

    def begin(self) -> None:
        """The lead takes it."""
        self.life.later(self.accept, minutes=60)

    def accept(self) -> None:
        """Taken."""
        actions.act(self.matter_id, "accept", by=self.life.person(self.life.unit))
        self.life.later(self.complete, minutes=self.life.chance.uniform(2, 6) * self.life.calendar.day_seconds / 60)

    def complete(self) -> None:
        """Done together, with pictures before and after."""
        by = self.life.person(self.life.unit)
        before, after = (
            take(photo(self.life.chance.randint(0, 7), mended=done), by=by).token for done in (False, True)
        )
        actions.act(self.matter_id, "complete", by=by, before=[before], after=[after])
        self.life.later(self.ask, minutes=self.life.chance.randint(60, 400))

    def ask(self) -> None:
        """The resident is asked by somebody else."""
        by = self.life.person(self.life.roles.caller)
        answer = {"solved": True, "satisfaction": "满意"}
        actions.call_back(
            self.matter_id, "call-back", by=by, verdict="verdict", answer=answer, way="phone", reached=True
        )


@dataclass
class Table:
    """The joint meetings of one town: what was raised waits for the next one, a couple of working days off.

    One `ahead` is only called, for after the story's end; what is raised later waits for the next.
    """

    teller: Teller
    leader: str
    ahead: bool = False
    waiting: list[tuple[int, Life]] = field(default_factory=list)
    planned: bool = False

    def add(self, matter_id: int, life: Life) -> None:
        """Raise a matter for the next meeting."""
        self.waiting.append((matter_id, life))
        if self.planned:
            return
        self.planned = True
        calendar = life.calendar
        after = self.teller.until if self.ahead else now() + timedelta(days=1)
        moment = calendar.at(calendar.next_working_day(after.date()), time(15, 0))
        if self.ahead:
            self.call(self.waiting, meets_at=moment)
        else:
            self.teller.at(moment, self.meet)

    def call(self, raised: list[tuple[int, Life]], *, meets_at: datetime) -> Consultation:
        """Call the meeting on what was raised, with everybody it concerns."""
        first = raised[0][1]
        street = first.street
        numbers = Matter.objects.filter(pk__in=[key for key, _ in raised]).values_list("number", flat=True)
        named = {street.units[life.unit].pk for _, life in raised} | {street.units["anju"].pk}
        return actions.call_meeting(
            by=first.person(self.leader), title="难诉联办现场协调会", meets_at=meets_at, place=first.chance.choice(PLACES),
            matters=list(numbers), units=sorted(named),
        )  # fmt: skip

    def meet(self) -> None:
        """Hold the meeting on everything raised, and let each go its way."""
        raised, self.waiting, self.planned = self.waiting[:30], self.waiting[30:], False
        first = raised[0][1]
        by, street, chance = first.person(self.leader), first.street, first.chance
        rows = {row.pk: row for row in Matter.objects.filter(pk__in=[key for key, _ in raised])}
        helper = street.units["anju"]
        found = self.call(raised, meets_at=now())
        due = first.calendar.after_worked(now(), 12 * first.calendar.day_seconds)
        decisions = {}
        for key, life in raised:
            joint = (helper.pk,) if street.units[life.unit].pk != helper.pk else ()
            assign = {
                "unit": street.units[life.unit].pk,
                "joint": joint,
                "due_at": due,
                "scheme": "先断源头，再修根子。",
            }
            decisions[rows[key].number] = Decision(chance.choice(WAYS), "", assign)
        came = [Came(unit, f"到会人{n}") for n, unit in enumerate(found.units, 1)]
        actions.hold_meeting(found.pk, by=by, came=came, minutes=MINUTES, decisions=decisions)
        for key, life in raised:
            Joint(life, key).begin()


@dataclass
class HardLife(Life):
    """A demand that one unit cannot solve alone; the joint meeting is called as soon as there is one to speak of."""

    table: Table | None = None

    def dispatch(self) -> None:
        """Given to the unit, and classed as hard."""
        unit = self.street.units[self.unit]
        by = self.person(self.roles.dispatch)
        self.act("dispatch", by, unit=unit.pk, category=self.said["category"], grade="hard")
        self.later(self.accept, minutes=self.chance.randint(8, 70))

    def contact(self) -> None:
        """The first word to the resident; then it goes to joint handling beside."""
        super().contact()
        self.act("to-joint", self.person(self.roles.dispatch), note="牵涉几家，一家办不下来，请会商。")
        child = Matter.objects.filter(parent_id=self.matter_id).latest("pk")
        if self.table is not None:
            self.table.add(child.pk, self)
