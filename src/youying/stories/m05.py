"""M05: a whistle calls departments to a matter. One town's meetings by tiers, and branches that touched a power line."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import Any

from youying.access import actions as access
from youying.access.queries import viewer_of
from youying.access.rules import usual_powers
from youying.editions import actions as editions
from youying.editions.queries import calendar_for, edition_for
from youying.files.actions import take
from youying.insight.report import rates_report
from youying.kernel.moments import now
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.matters import actions, queries
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Matter
from youying.places import actions as places
from youying.places.placing import Place, place_of
from youying.stories.lives import spread
from youying.stories.pictures import photo
from youying.stories.telling import Figure, Slip, Teller, story

COUNTY = "/99/9901/990101"
TOWN, COMMUNITIES = "990101200", (("990101200001", "灯市社区"), ("990101200002", "塔坪社区"))
UNITS = (
    ("ds-property", "灯安物业", "property-company"),
    ("ds-power", "灯市供电公司", "department"),
    ("ds-parks", "灯市园林所", "department"),
    ("ds-water", "灯市水务所", "department"),
)
BRIEFLY = 20
"""A brief telling brings one in so many of the problems."""
PROBLEMS = (
    ("compound", 296, "fire.passages.corridor-clutter", "楼道里堆的旧家具没人认，绊脚，挡着消防门。"),
    ("community", 184, "neighbours.disputes.neighbour-quarrel", "两家为门口堆东西吵了半个月，请社区出面说说。"),
    ("town", 26, "utilities.drainage.blocked-drain", "河沿那段路的排水沟塌了，一下雨就积水，得镇里来定。"),
)
"""At which tier each problem was met about and solved, how many, its category, and what the resident said."""
LINES = "utilities.electricity.tree-near-line"
BRANCHES = "杨树枝子搭在高压线上，刮风就打火，楼下孩子多，谁管管。"
HELD = {"compound": "小区会商", "community": "社区会商", "town": "镇里会商"}


@dataclass(frozen=True, slots=True)
class Town:
    """The town of the story: its places, its units by code and its people by a short name."""

    path: str
    places: list[Place]
    units: dict[str, int]
    people: dict[str, Viewer]


def figures(teller: Teller) -> list[Figure]:
    """What the reports of the town say."""
    town: Town = teller.shared["m05"]
    since, until = (teller.until - timedelta(days=360)).date(), (teller.until + timedelta(days=1)).date()
    cells = rates_report(SYSTEM, town.path, since=since, until=until)["rows"][0]["figures"]
    solved = cells["tier-solved"]["count"]
    branches = Matter.objects.filter(area_path__startswith=town.path, words=BRANCHES).first()
    came = [one for one in queries.summonses(branches) if one.state == "reported"] if branches else []
    return [
        Figure("分级会商解决问题", "500余件", "500余件" if 500 < solved < 600 else f"{solved}件"),
        Figure("电线上的树枝，到场单位", "灯市供电公司、灯市园林所", "、".join(one.unit for one in came)),
        Figure("电线上的树枝，居民说", "解决了", "解决了" if branches and branches.solved else "没解决"),
        Figure("按时报到", "一家按时、一家晚到", _punctual(came)),
    ]


def _punctual(came: list[Any]) -> str:
    late = sum(one.late for one in came)
    return "一家按时、一家晚到" if (len(came), late) == (2, 1) else f"{len(came)}家到场，{late}家晚到"


@story(
    "m05",
    title="吹哨报到",
    about="灯市镇小事不出小区、大事不出社区、难事不出镇；树枝搭上高压线，社区吹哨，供电和园林到场一起修。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """The town is laid out; its problems are met about tier by tier; the told case and one whistle that still runs."""
    chance = random.Random(5)
    start = teller.until - timedelta(days=330)
    teller.at(start, lambda: _begin(teller, chance))
    teller.at(teller.until - timedelta(days=40), lambda: Branches(teller, chance).report())
    teller.at(teller.until - timedelta(days=3), lambda: Running(teller, chance).report())


def _begin(teller: Teller, chance: random.Random) -> None:
    town = teller.shared["m05"] = _lay_out()
    calendar = calendar_for(edition_for(town.path), town.path)
    wanted = [
        (tier, code, words) for tier, count, code, words in PROBLEMS for _ in range(teller.few(count, one_in=BRIEFLY))
    ]
    chance.shuffle(wanted)
    last = teller.until - timedelta(days=20)
    moments = spread(now() + timedelta(days=2), last, len(wanted), chance, calendar)
    for moment, (tier, code, words) in zip(moments, wanted, strict=True):
        teller.at(moment, Problem(teller, chance, tier=tier, category=code, words=words).report)


def _lay_out() -> Town:
    path = places.add_area(TOWN, name="灯市镇", level="town", parent=COUNTY, by=SYSTEM).path
    made = []
    for code, name in COMMUNITIES:
        community = places.add_area(code, name=name, level="community", parent=path, by=SYSTEM).path
        compound = places.add_compound(community, name=f"{name[:2]}新村", by=SYSTEM)
        rows = [
            places.add_building(compound.path, name=f"{n}号楼", by=SYSTEM, entrances=3, floors=6) for n in (1, 2, 3)
        ]
        made += [place_of(building_id=row.pk) for row in rows]
    small = {"category": PROBLEMS[0][2], "unit": "灯安物业", "tier": "compound"}
    editions.import_directory(path, rows=[small], by=SYSTEM)
    text = files("youying.stories").joinpath("local", "dengshi.toml").read_text("utf-8")
    editions.adopt(path, local_toml=text, by=SYSTEM, note="演示")
    units = {
        code: access.create_unit(by=SYSTEM, code=code, title=title, kind=kind, reach=path)
        for code, title, kind in UNITS
    }
    people = {}
    for key, name, code, title, unit in (
        ("ds-secretary", "贺兰芝", "secretary", "社区书记", ""),
        ("ds-dispatcher", "邓向东", "dispatcher", "派单员", ""),
        ("ds-caller", "柯小满", "caller", "回访员", ""),
        ("ds-leader", "祝远山", "street-leader", "镇领导", ""),
        ("ds-property", "蔡广田", "manager", "项目经理", "ds-property"),
        ("ds-power", "雷明", "manager", "带班长", "ds-power"),
        ("ds-parks", "林青", "manager", "养护队长", "ds-parks"),
        ("ds-water", "江流", "manager", "抢修班长", "ds-water"),
    ):
        account = access.create_account(key, by=SYSTEM, name=name)
        powers = usual_powers(code)
        post = access.appoint(
            account, by=SYSTEM, code=code, title=title, reach=path, unit=units.get(unit), powers=powers
        )
        people[key] = viewer_of(post)
    return Town(path, made, {code: unit.pk for code, unit in units.items()}, people)


@dataclass
class Problem:
    """One problem that a meeting of its tier solves: reported, given, met about, done, and the resident's word."""

    teller: Teller
    chance: random.Random
    tier: str = "community"
    category: str = LINES
    words: str = ""
    place: Place | None = None
    matter_id: int = 0
    number: str = ""
    secret: str = ""

    @property
    def town(self) -> Town:
        """Where it is."""
        town: Town = self.teller.shared["m05"]
        return town

    def act(self, step: str, who: str, **data: Any) -> Matter:
        """One step by a person of the town."""
        return actions.act(self.matter_id, step, by=self.town.people[who], **data)

    def later(self, step: Any, *, hours: float) -> None:
        """What comes so many hours on, within working hours."""
        calendar = calendar_for(edition_for(self.town.path), self.town.path)
        self.teller.at(calendar.after_worked(now(), int(hours * 3600)), step)

    def evidence(self, who: str) -> list[str]:
        """One photograph."""
        return [take(photo(self.chance.randint(0, 7), mended=True), by=self.town.people[who]).token]

    def report(self) -> None:
        """A resident says it."""
        phone = f"1390001{self.chance.randint(1000, 9999)}"
        need = NeedIn(
            kind="demand", text=self.words, channel="qr", category=self.category, urgency="ordinary",
            reporters=(ReporterIn("居民", phone),),
        )  # fmt: skip
        opened = actions.open_matter(need, place=self.place or self.chance.choice(self.town.places), by=PUBLIC)
        self.matter_id, self.secret, self.number = opened.matter.pk, opened.secret, opened.matter.number
        self.later(self.take_up, hours=1)

    def take_up(self) -> None:
        """Given to the property company, which takes it."""
        self.give()
        if self.tier == "town":
            self.act("escalate", "ds-secretary", note="社区会商过，要镇里来定。")
            self.give()
        self.later(self.solve, hours=self.chance.uniform(3, 12))

    def give(self) -> None:
        """Given and taken."""
        unit = self.town.units["ds-property"]
        self.act("dispatch", "ds-dispatcher", unit=unit, category=self.category)
        self.act("accept", "ds-property")

    def solve(self) -> None:
        """Met about, done, and the resident's word."""
        who = "ds-leader" if self.tier == "town" else "ds-secretary"
        note = f"{HELD[self.tier]}定下办法，当场分工。"
        given = {"place": "楼前空地", "person": "社区、物业和住户", "note": note}
        self.act("meet", who, **given)
        self.finish()

    def finish(self) -> None:
        """The unit's word and the resident's."""
        self.act("complete", "ds-property", note="办好了，请住户看过。")
        resident = queries.look_up(self.number, self.secret).viewer
        actions.act(self.matter_id, "verdict", by=resident, solved=True, satisfaction="满意", contacted=True)


class Branches(Problem):
    """The told case: the community whistles, the power company comes in time, the parks department late."""

    def report(self) -> None:
        """Branches touch the line."""
        self.words = BRANCHES
        super().report()

    def take_up(self) -> None:
        """What a community cannot do alone is whistled for."""
        self.give()
        called = [self.town.units["ds-power"], self.town.units["ds-parks"]]
        note = "树枝压着高压线，社区和物业都动不得，请来现场。"
        self.act("whistle", "ds-leader", summoned=called, grade="emergency", note=note)
        for unit in ("ds-power", "ds-parks"):
            self.act("sign", unit)
        self.teller.at(now() + timedelta(minutes=50), lambda: self.come("ds-power", "带电班停了这条支线。"))
        self.teller.at(now() + timedelta(hours=3), lambda: self.come("ds-parks", "修枝车到了，路上堵。"))
        self.teller.at(now() + timedelta(hours=4), self.solve)

    def come(self, unit: str, note: str) -> None:
        """A unit is there."""
        given = {"person": self.town.people[unit].name, "place": "2号楼东侧", "note": note}
        self.act("report-in", unit, uploads=self.evidence(unit), **given)

    def solve(self) -> None:
        """They meet on the spot, cut the branches and go."""
        given = {"place": "2号楼东侧", "person": "供电、园林、社区、物业", "note": "先断电后修枝，物业清场，当场说定。"}
        self.act("meet", "ds-secretary", uploads=self.evidence("ds-secretary"), outcome="on-spot", **given)
        self.finish()


class Running(Problem):
    """A whistle that still runs when the story ends: the desk shows who is awaited."""

    def report(self) -> None:
        """A water pipe breaks."""
        self.category = "utilities.drainage.blocked-drain"
        self.words = "主水管爆了，路面鼓起来，整条街停水。"
        super().report()

    def take_up(self) -> None:
        """Whistled for, and awaited."""
        self.give()
        called = [self.town.units["ds-water"], self.town.units["ds-power"]]
        self.act("whistle", "ds-leader", summoned=called, grade="joint-enforcement", note="水管爆裂，请一起到现场。")
        self.act("sign", "ds-water")
        asked = "请三天内说清为什么没人到场、什么时候来。"
        self.act("supervise", "ds-leader", note="停水一整条街，两家要一起到。", asked=asked, level="key")
        self.teller.slips.append(Slip("吹了哨的水管，看走到哪一步", self.number, self.secret))
