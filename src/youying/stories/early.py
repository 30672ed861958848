"""The life of a hazard that nobody complained of: found on a round, judged, put right, and rechecked by another hand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from youying.editions.queries import calendar_for, edition_for
from youying.files.actions import take
from youying.kernel.calendar import WorkCalendar
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn
from youying.matters.models import Matter
from youying.places.placing import Place
from youying.stories.pictures import photo
from youying.stories.street import Street
from youying.stories.telling import Teller

SEEN = (
    ("utilities.drainage.blocked-drain", "井盖边上一圈水印，井里淤了半截，再下雨就要往外冒。"),
    ("city.lamps.lamp-out", "巷口的路灯一闪一闪，再过几天这一段就黑了。"),
    ("property.service.gates", "单元门的闭门器松了，关不严，还没有人说。"),
    ("lifts.running.lift-fault", "电梯开门时顿一下，还没有困过人。"),
)


@dataclass
class Hazard:
    """One hazard; with `kind_too` the same kind of place is looked at as well, which finds another one."""

    teller: Teller
    street: Street
    place: Place
    chance: random.Random
    community: str
    kind_too: bool = False
    matter_id: int = 0

    def begin(self, moment: datetime) -> None:
        """Schedule the round on which it is found."""
        self.teller.at(moment, self.find)

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar of the place."""
        return calendar_for(edition_for(self.place.area_path), self.place.area_path)

    def person(self, role: str) -> Viewer:
        """The grid worker, the secretary or the unit of this community."""
        return self.street.people[f"{self.community}-{role}" if role else self.community]

    def later(self, step: object, *, hours: float) -> None:
        """Schedule the next step after so many working hours."""
        self.teller.at(self.calendar.after_worked(now(), int(hours * 3600)), step)  # type: ignore[arg-type]

    def find(self) -> None:
        """Seen on the round."""
        category, words = self.chance.choice(SEEN)
        need = NeedIn(kind="hazard", text=words, channel="patrol", category=category)
        opened = actions.open_matter(need, place=self.place, by=self.person("grid"))
        self.matter_id = opened.matter.pk
        self.later(self.judge, hours=self.chance.uniform(1, 5))

    def judge(self) -> None:
        """One case, or the kind? A person says so, with a scheme."""
        by = self.street.people["town-supervisor"]
        actions.act(self.matter_id, "judge", by=by, scheme="先把这一处消掉，再把同样的点位都看一遍。")
        if self.kind_too:
            self._siblings()
        due = self.calendar.after_worked(now(), 4 * self.calendar.day_seconds)
        unit = self.street.units[self.community].pk
        actions.act(self.matter_id, "dispatch", by=self.person("secretary"), unit=unit, due_at=due)
        self.later(self.mend, hours=self.chance.uniform(3, 20))

    def _siblings(self) -> None:
        actions.act(self.matter_id, "same-type", by=self.person("grid"))
        child = Matter.objects.filter(parent_id=self.matter_id).latest("pk")
        other = Hazard(self.teller, self.street, self.place, self.chance, self.community, matter_id=child.pk)
        self.later(other.judge, hours=self.chance.uniform(1, 5))

    def mend(self) -> None:
        """Put right, with a picture before and one after."""
        by = self.person("")
        before, after = (take(photo(self.chance.randint(0, 7), mended=done), by=by).token for done in (False, True))
        actions.act(self.matter_id, "complete", by=by, before=[before], after=[after])
        self.later(self.recheck, hours=self.chance.uniform(2, 9))

    def recheck(self) -> None:
        """Somebody else looks; what is right is crossed off."""
        by = self.person("grid")
        seen = take(photo(self.chance.randint(0, 7), mended=True), by=by).token
        actions.act(self.matter_id, "recheck", by=by, passed=True, uploads=[seen])
