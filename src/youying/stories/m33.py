"""M33: one application, several bodies. Inherited homes change hands: notary and tax at once, then duty, then the registry."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from youying.access import actions as access
from youying.access.queries import viewer_of
from youying.editions import actions as editions
from youying.editions.queries import calendar_for, edition_for
from youying.files.actions import take
from youying.insight.report import rates_report
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions, queries
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Matter
from youying.places import actions as places
from youying.places.placing import Place, place_of
from youying.stories.lives import spread
from youying.stories.pictures import photo
from youying.stories.telling import Figure, Slip, Teller, story

CITY = "/99/9901"
COUNTY, TOWN, COMMUNITY = "990133", "990133001", "990133001001"
UNITS = (
    ("wj-notary", "望江公证处", "notary"),
    ("wj-tax", "望江区税务局", "tax"),
    ("wj-registry", "望江区不动产登记中心", "registry"),
)
STEPS = {"notarise": "wj-notary", "assess-tax": "wj-tax", "pay-tax": "wj-tax", "register-deed": "wj-registry"}
"""Which body sees to which part."""
WORDS = "父亲留下的房子要过户到我名下，请公证、税务、登记一次办齐。"
WHOLE, PROMISED, LAPSED, REFUSED, WITHDRAWN, ON_ITS_WAY = 31, 6, 1, 1, 1, 1
"""Applications with every paper, with a paper promised, with the promise broken, refused, taken back, not yet done."""

BRIEFLY = 4
"""A brief telling hands in one in so many of what goes as it should."""


@dataclass(frozen=True, slots=True)
class County:
    """The county of the story: its place, its bodies by code and its people by a short name."""

    path: str
    place: Place
    units: dict[str, int]
    people: dict[str, Viewer]


def figures(teller: Teller) -> list[Figure]:
    """What the reports of the county say."""
    county: County = teller.shared["m33"]
    cells = rates_report(SYSTEM, county.path, since=date(2025, 1, 1), until=now().date() + timedelta(days=1))
    said = cells["rows"][0]["figures"]
    once = said["once"]
    total = WHOLE + PROMISED + LAPSED + REFUSED + WITHDRAWN + ON_ITS_WAY
    lapsed = Matter.objects.filter(area_path__startswith=county.path, end_reason="missing-papers").count()
    told = queries.progress(Matter.objects.get(number=teller.shared["m33-told"]))
    return [
        Figure("联办件数", f"{total}件", f"{said['jointly']['count']}件"),
        Figure("容缺办理", f"{PROMISED + LAPSED}件", f"{said['missing']['count']}件"),
        Figure("容缺逾期未补", f"{LAPSED}件", f"{lapsed}件"),
        Figure("一次办成", f"{WHOLE + PROMISED}件", f"{once['numerator']}件"),
        Figure("讲到的那一件，四步", "4步办完4步", f"{told.total}步办完{told.done}步"),
    ]


@story(
    "m33",
    title="一件事联办",
    about="望江区继承过户一次递交：公证、核税同时走，缴税等两家，登记等缴税；缺一样材料的容缺先办，到期没补的依规终结。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """The county is laid out; its applications come in over half a year, and one is on its way when the story ends."""
    chance = random.Random(33)
    teller.at(teller.until - timedelta(days=200), lambda: _begin(teller, chance))


def _begin(teller: Teller, chance: random.Random) -> None:
    county = teller.shared["m33"] = _lay_out()
    calendar = calendar_for(edition_for(county.path), county.path)
    whole, promised = (teller.few(count, one_in=BRIEFLY) for count in (WHOLE, PROMISED))
    fates = ["whole"] * whole + ["promised"] * promised + ["lapsed"] * LAPSED + ["refused"] * REFUSED
    fates += ["withdrawn"] * WITHDRAWN
    chance.shuffle(fates)
    moments = spread(now() + timedelta(days=2), teller.until - timedelta(days=50), len(fates), chance, calendar)
    for moment, fate in zip(moments, fates, strict=True):
        teller.at(moment, Application(teller, chance, fate).hand_in)
    recently = calendar.before_worked(teller.until, 20 * 3600)
    teller.at(recently, Application(teller, chance, "on-its-way").hand_in)


def _lay_out() -> County:
    path = places.add_area(COUNTY, name="望江区", level="county", parent=CITY, by=SYSTEM).path
    town = places.add_area(TOWN, name="望江街道", level="town", parent=path, by=SYSTEM).path
    community = places.add_area(COMMUNITY, name="渡头社区", level="community", parent=town, by=SYSTEM).path
    compound = places.add_compound(community, name="渡头家园", by=SYSTEM)
    building = places.add_building(compound.path, name="2号楼", by=SYSTEM, entrances=2, floors=6)
    text = files("youying.stories").joinpath("local", "wangjiang.toml").read_text("utf-8")
    editions.adopt(path, local_toml=text, by=SYSTEM, note="演示")
    units = {
        code: access.create_unit(by=SYSTEM, code=code, title=title, kind=kind, reach=path)
        for code, title, kind in UNITS
    }
    people = {}
    for key, name, code, title in (
        ("wj-window", "石映秋", "window", "综合窗口"),
        ("wj-notary", "卢正言", "manager", "公证员"),
        ("wj-tax", "易清", "manager", "税务窗口"),
        ("wj-registry", "柏安", "manager", "登记员"),
    ):
        account = access.create_account(key, by=SYSTEM, name=name)
        powers = {"view", "act"} | ({"intake", "unmask", "protected"} if code == "window" else set())
        post = access.appoint(
            account, by=SYSTEM, code=code, title=title, reach=path, unit=units.get(key), powers=sorted(powers)
        )
        people[key] = viewer_of(post)
    return County(path, place_of(building_id=building.pk), {code: one.pk for code, one in units.items()}, people)


@dataclass
class Application:
    """One home that changes hands: handed in once, sent to the bodies, each part done and taken over, the deed fetched."""

    teller: Teller
    chance: random.Random
    fate: str
    matter_id: int = 0
    left: list[str] = field(default_factory=lambda: list(STEPS))

    @property
    def county(self) -> County:
        """Where it is."""
        county: County = self.teller.shared["m33"]
        return county

    def act(self, step: str, who: str = "wj-window", *, on: int = 0, **data: Any) -> Matter:
        """One step by a person of the county, on the whole or on a part."""
        return actions.act(on or self.matter_id, step, by=self.county.people[who], **data)

    def later(self, step: Any, *, hours: float) -> None:
        """What comes so many working hours on."""
        calendar = calendar_for(edition_for(self.county.path), self.county.path)
        self.teller.at(calendar.after_worked(now(), int(hours * 3600)), step)

    def paper(self) -> list[str]:
        """One paper, scanned at the window."""
        return [take(photo(self.chance.randint(0, 7), mended=True), by=self.county.people["wj-window"]).token]

    def hand_in(self) -> None:
        """The applicant comes to the window."""
        person = ReporterIn("申请人", f"1390033{self.chance.randint(1000, 9999)}")
        need = NeedIn(kind="application", text=WORDS, channel="walk-in", reporters=(person,))
        opened = actions.open_matter(need, place=self.county.place, by=self.county.people["wj-window"])
        self.matter_id = opened.matter.pk
        if self.fate == "on-its-way":
            self.teller.slips.append(Slip("继承过户的申请，一个进度看四步", opened.matter.number, opened.secret))
        self.later(self.take_up, hours=0.5)

    def take_up(self) -> None:
        """Taken with every paper, or with one promised by a date."""
        if self.fate in ("promised", "lapsed"):
            given = {"id": self.paper(), "promise": self.paper()}
            due = now() + timedelta(days=10)
            self.act("accept-missing", sheet=given, due_at=due, grade="missing-papers")
            if self.fate == "promised":
                self.later(self.supply, hours=20)
            return
        self.act("accept", papers={"id": self.paper(), "deed": self.paper()})
        self.later(self.withdraw if self.fate == "withdrawn" else self.forward, hours=1)

    def supply(self) -> None:
        """What was promised is handed in."""
        self.act("supply", papers={"deed": self.paper()})
        self.later(self.forward, hours=1)

    def withdraw(self) -> None:
        """The applicant takes it back."""
        self.act("withdraw", reason="withdrawn")

    def forward(self) -> None:
        """Sent to the bodies: what waits for nothing begins at once."""
        units = self.county.units
        self.act("forward", unit=units["wj-notary"], joint=[units["wj-tax"], units["wj-registry"]])
        self.later(self.refuse if self.fate == "refused" else self.next_part, hours=6)

    def refuse(self) -> None:
        """The notary says in writing why it cannot be; the applicant then takes it back."""
        self.act("part-refused", "wj-notary", reason="not-lawful", note="另有继承人没有到场，也没有书面放弃。")
        self.later(self.withdraw, hours=4)

    def next_part(self) -> None:
        """The next body has done its part, and the window takes it over."""
        code = self.left.pop(0)
        number = next(line.number for line in queries.progress(self.whole()).lines if line.code == code)
        part = Matter.objects.get(number=number).pk
        self.act("complete", STEPS[code], on=part, note="已经办好，结果交综合窗口。")
        self.act("recheck", on=part, passed=True)
        if self.fate == "on-its-way":
            return
        self.later(self.next_part if self.left else self.fetch, hours=5)

    def whole(self) -> Matter:
        """The application as it stands."""
        return Matter.objects.get(pk=self.matter_id)

    def fetch(self) -> None:
        """The applicant signs for the deed."""
        self.act("hand-out", signature=self.paper())
        self.act("cross-off", signature=self.paper())
        self.teller.shared["m33-told"] = self.whole().number
