"""The life of one demand, from the first word to the resident's verdict, each step scheduling the next."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from youying.editions.queries import calendar_for, edition_for
from youying.files.actions import take
from youying.kernel.calendar import WorkCalendar
from youying.kernel.moments import now
from youying.kernel.viewers import PUBLIC, Viewer
from youying.matters import actions, queries
from youying.matters.actions import NeedIn, ReporterIn
from youying.places.placing import Place
from youying.stories.pictures import photo
from youying.stories.street import Street
from youying.stories.telling import Teller

SURNAMES = "陈王李张刘杨赵黄周吴徐孙马朱胡林郭何高罗"
GIVEN = ("桂芳", "家栋", "雪梅", "德顺", "玉兰", "建国", "秀英", "志强", "晓明", "淑珍", "文博", "海燕", "长河", "春生")
HOURS = 3600


@cache
def demands() -> list[dict[str, Any]]:
    """What residents of the stories say."""
    return list(tomllib.loads(files("youying.stories").joinpath("demands.toml").read_text("utf-8"))["demand"])


@dataclass(frozen=True, slots=True)
class Roles:
    """Who does what in one street: short names of its people; `judge` where the loop asks for a scheme first."""

    dispatch: str
    caller: str
    judge: str = ""
    units: dict[str, str] = field(default_factory=dict)
    channel_by: str = ""


@dataclass
class Life:
    """One demand and what becomes of it: `end` is solved, content, unsolved-first, or the stage at which it stays open."""

    teller: Teller
    street: Street
    roles: Roles
    place: Place
    said: dict[str, Any]
    chance: random.Random
    channel: str = "qr"
    end: str = "solved"
    words: str = ""
    fast: bool = False
    matter_id: int = 0
    secret: str = ""
    number: str = ""

    def begin(self, moment: datetime) -> None:
        """Schedule the report."""
        self.teller.at(moment, self.report)

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar of the place."""
        return calendar_for(edition_for(self.place.area_path), self.place.area_path)

    @property
    def unit(self) -> str:
        """The unit that sees to it; `office` is that of the place's own community."""
        unit = self.roles.units.get(self.said["unit"], self.said["unit"])
        return self.street.offices[self.place.area_path] if unit == "office" else unit

    def person(self, key: str) -> Viewer:
        """A member of the street's staff."""
        return self.street.people[key]

    def later(self, step: Any, *, minutes: float) -> None:
        """Schedule the next step after so many working minutes."""
        self.teller.at(self.calendar.after_worked(now(), int(minutes * 60)), step)

    def act(self, step: str, by: Viewer, **data: Any) -> None:
        """Take a step of the loop."""
        actions.act(self.matter_id, step, by=by, **data)

    def report(self) -> None:
        """The resident says it, or somebody writes it down."""
        words = self.words or self.chance.choice(self.said["words"])
        name = self.chance.choice(SURNAMES) + self.chance.choice(GIVEN)
        phone = f"1390000{self.chance.randint(1000, 9999)}"
        by = PUBLIC if self.channel in ("qr", "wechat") else self.person(self.roles.channel_by or self.roles.dispatch)
        picture = (
            take(photo(self.chance.randint(0, 7), mended=False), by=by).token if self.chance.random() < 0.4 else ""
        )
        need = NeedIn(
            kind="demand", text=words, channel=self.channel, category=self.said["category"], urgency=self.said["urgency"],
            reporters=(ReporterIn(name, phone),), uploads=(picture,) if picture else (),
        )  # fmt: skip
        opened = actions.open_matter(need, place=self.place, by=by)
        self.matter_id, self.secret, self.number = opened.matter.pk, opened.secret, opened.matter.number
        self.teller.at(now() + timedelta(minutes=self.chance.randint(4, 20)), self.dispatch)

    def dispatch(self) -> None:
        """Given to the unit."""
        if self.end == "received":
            return
        unit = self.street.units[self.unit]
        self.act("dispatch", self.person(self.roles.dispatch), unit=unit.pk, category=self.said["category"])
        if self.end != "dispatched":
            self.later(self.accept, minutes=8 if self.fast else self.chance.randint(8, 70))

    def accept(self) -> None:
        """Taken by the unit."""
        self.act("accept", self.person(self.unit))
        self.later(self.contact, minutes=10 if self.fast else self.chance.randint(10, 60))

    def contact(self) -> None:
        """The first word to the resident."""
        self.act("contact", self.person(self.unit), note="已给居民打过电话，约好上门时间。")
        self.later(
            self.judge if self.roles.judge else self.work, minutes=15 if self.fast else self.chance.randint(15, 60)
        )

    def judge(self) -> None:
        """A person judges a scheme."""
        due = self.calendar.after_worked(now(), 3 * self.calendar.day_seconds)
        self.act(
            "judge", self.person(self.roles.judge), scheme="先到现场看清根子，当天给居民回话，再定怎么修。", due_at=due
        )
        self.work()

    def work(self) -> None:
        """On the spot."""
        if self.end == "in-hand":
            return
        days = {"urgent": (0.2, 0.6), "simple": (0.4, 1.2), "ordinary": (0.8, 2.6)}.get(self.said["urgency"], (1, 3))
        share = 0.15 if self.fast else self.chance.uniform(*days)
        self.later(self.complete, minutes=share * self.calendar.day_seconds / 60)

    def complete(self) -> None:
        """The unit says it is done, with a photograph."""
        by = self.person(self.unit)
        token = take(photo(self.chance.randint(0, 7), mended=True), by=by).token
        self.act("complete", by, note=self.said["done"], uploads=[token])
        if self.end != "completed":
            self.later(self.call_back, minutes=self.chance.randint(60, 400))

    def call_back(self) -> None:
        """Somebody else asks the resident."""
        self.act("call-back", self.person(self.roles.caller), way=self.chance.choice(("phone", "door")), reached=True)
        self.verdict()

    def verdict(self) -> None:
        """The resident's word."""
        found = queries.look_up(self.number, self.secret)
        if self.end == "unsolved-first":
            self.end = "solved"
            self.act(
                "verdict", found.viewer, solved=False, satisfaction="不满意", contacted=True, reasons=["只修了一半"]
            )
            (self.judge if self.roles.judge else self.work)()
            return
        satisfaction = {"content": "基本满意", "unhappy": "不满意"}.get(self.end, "满意")
        self.act("verdict", found.viewer, solved=True, satisfaction=satisfaction, contacted=True)


def spread(start: datetime, end: datetime, count: int, chance: random.Random, calendar: WorkCalendar) -> list[datetime]:
    """So many moments on the mornings of working days between two days, in order."""
    days = (end - start).days
    moments = []
    for n in range(count):
        day = calendar.working_day_from((start + timedelta(days=int(n * days / count))).date())
        moments.append(calendar.at(day, time(chance.randint(8, 12), chance.randint(0, 59), chance.randint(0, 59))))
    return sorted(moments)
