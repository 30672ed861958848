"""A small fictional town in which things recur: people of the register of care, homes, and those who go to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cast import CHEN_GUIFANG, SUN_DESHUN
from tests.matters import world as worlds
from youying.editions.queries import edition_for
from youying.kernel.viewers import SYSTEM, Viewer
from youying.occasions.actions import lay
from youying.occasions.models import Occasion
from youying.packs.edition import build_edition
from youying.packs.source import library, with_value
from youying.people.actions import enter
from youying.people.models import RegisterEntry
from youying.people.register_rules import Listed
from youying.places.actions import add_homes
from youying.places.models import Home
from youying.sheets.actions import fill


@dataclass
class Town:
    """What was built."""

    world: worlds.World
    people: dict[str, Viewer]

    def __getattr__(self, name: str) -> Viewer:
        return self.people[name]

    @property
    def path(self) -> str:
        """The community, where everything happens."""
        return self.world.community


def build(code: str, **said: Any) -> Town:
    """A street that works by a library pack, with some of its keys said otherwise (`rhythm__weekly__every="day"`)."""
    raw = library()[code]
    for key, value in said.items():
        raw = with_value(raw, key=key.replace("__", ".").replace("_", "-"), value=value)
    build_edition(raw, library())
    world = worlds.build()
    worlds.adopt(raw, world.town)
    grid = world.place.grid_path
    people = {
        "worker": worlds.person("马小川", "grid-worker", "网格员", reach=grid),
        "other": worlds.person("贺春生", "grid-worker", "网格员", reach=world.community),
        "lead": worlds.person("季文博", "care-lead", "关爱专干", reach=world.community),
        "patroller": worlds.person("石玉梅", "patroller", "红袖章", reach=grid),
        "inspector": worlds.person("丁国强", "inspector", "排查组长", reach=world.community),
        "team": worlds.person("方晓东", "team-leader", "入户小组长", reach=world.community),
        "secretary": world.secretary,
        "stranger": world.stranger,
    }
    return Town(world, people)


def homes(town: Town, count: int = 4) -> list[Home]:
    """So many homes of 3号楼."""
    rows = [(1, 1 + n // 2, f"{1 + n // 2}0{1 + n % 2}") for n in range(count)]
    return add_homes(town.world.place.place_path, homes=rows, by=SYSTEM)


def listed(town: Town, name: str = CHEN_GUIFANG.name, *, kind: str = "alone", risk: str = "high") -> RegisterEntry:
    """Somebody of the register of care, with the sheet that says how much at risk."""
    edition = edition_for(town.path)
    phone = CHEN_GUIFANG.phone if name == CHEN_GUIFANG.name else SUN_DESHUN.phone
    entry = enter(
        "care", by=SYSTEM, edition=edition, path=town.world.place.place_path, listed=Listed(name=name, phone=phone),
        class_code=kind, basis="社会救助法",
    )  # fmt: skip
    values = {"conditions": "行动慢", "guardian": "女儿", "living": "独居", "need": "无", "risk_level": risk}
    fill(subject=entry.subject, sheet="care-file", edition=edition, values=values, by=SYSTEM, act="people.enter")
    return entry


def due(town: Town, code: str) -> list[Occasion]:
    """Lay a rhythm at the community and read what there is."""
    lay(town.world.town, code, by=SYSTEM)
    return list(Occasion.objects.filter(rhythm=code).order_by("pk"))
