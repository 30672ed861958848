"""A town with two communities, units and a pack that a test may write itself; matters laid straight into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from tests.conftest import SHANGHAI
from youying.access.models import Unit
from youying.editions.models import Adoption, EditionRow, LocalPack
from youying.editions.snapshot import STAMP
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import tallies
from youying.matters.facts import facts_of
from youying.matters.models import Matter
from youying.packs.edition import Edition, build_edition
from youying.packs.source import library, parse_pack
from youying.places import actions as places
from youying.places.actions import touch
from youying.places.queries import zone_of

COUNTY = "/99/9901/990101"
TOWN = COUNTY + "/990101001"
HUAILI, DUKOU = TOWN + "/990101001001", TOWN + "/990101001002"
OTHER_TOWN = COUNTY + "/990101002"
HEAD = '[pack]\ncode = "test"\ntitle = "测试包"\nversion = 1\nlocal = true\nextends = ["m01@1"]\n'
_serial = count(1)


@dataclass
class Street:
    """The town and the ids a test speaks of."""

    edition: Edition
    compounds: dict[str, int]
    grids: dict[str, int]
    units: dict[str, Unit]

    def viewer(
        self, reach: str = TOWN, *, code: str = "street-leader", powers: str = "view rates", unit_id: int | None = None
    ) -> Viewer:
        """Somebody of the town in a post."""
        return Viewer(
            kind="post", post_code=code, name="何立诚", reach=reach, unit_id=unit_id, powers=frozenset(powers.split())
        )

    def evening(self, at: str) -> datetime:
        """The last minute of a day written as the tests write it."""
        return datetime.fromisoformat(at).replace(hour=23, minute=59, tzinfo=SHANGHAI)

    def matter(self, at: str = "2026-03-10 09:00", *, area: str = HUAILI, n: int = 1, **facts: Any) -> Matter:
        """Lay n equal matters into the tables, counted in the tallies."""
        made = [self._matter(at, area, facts) for _ in range(n)]
        Matter.objects.bulk_create(made)
        tallies.move([(tallies.cells_of(facts_of(one), zone_of(one.area_path)), 1) for one in made])
        return made[-1]

    def _matter(self, at: str, area: str, facts: dict[str, Any]) -> Matter:
        serial = next(_serial)
        opened = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
        if facts.get("crossed_off") or facts.get("end_reason"):
            facts = {"ended_at": opened, **facts}
        said = {"kind": "demand", "loop": "demand", "channel": "hotline", "stage": "received", "tier": "community"}
        return Matter(
            pk=serial,
            number=f"T{serial}",
            edition_id=facts.pop("edition_id", self.edition.digest),
            title="下水返堵",
            words="下水返堵",
            area_path=area,
            place_path=area,
            **{"opened_at": opened, "changed_at": opened} | said | facts,
        )


def lay_out() -> Street:
    """The places and units; the town follows M01."""
    path = ""
    for code, name, level in (
        ("99", "杏江省", "province"), ("9901", "云川市", "city"), ("990101", "柳湾区", "county"),
        ("990101001", "柳湾街道", "town"),
    ):  # fmt: skip
        path = places.add_area(code, name=name, level=level, parent=path, by=SYSTEM).path
    places.add_area("990101002", name="临溪街道", level="town", parent=COUNTY, by=SYSTEM)
    compounds, grids = {}, {}
    for code, name, estate, grid in (
        ("990101001001", "槐花里社区", "杏林小区", "第1网格"),
        ("990101001002", "渡口社区", "渡口家园", "第2网格"),
    ):
        area = places.add_area(code, name=name, level="community", parent=TOWN, by=SYSTEM)
        compound = places.add_compound(area.path, name=estate, by=SYSTEM)
        compounds[estate] = compound.pk
        grids[grid] = places.add_grid(area.path, code=code + "001", title=grid, by=SYSTEM, covers=[compound.path]).pk
    units = {
        title: Unit.objects.create(code=code, title=title, kind="property-company", reach=TOWN)
        for code, title in (("heshun", "和顺物业"), ("anju", "安居物业"))
    }
    return Street(adopt(), compounds, grids, units)


def adopt(said: str = "", *, path: str = TOWN) -> Edition:
    """Let a place follow M01 with what a local pack says beside it, from now on."""
    lib = library()
    edition = build_edition(parse_pack(HEAD + said, file="test.toml"), lib)
    EditionRow.objects.get_or_create(
        digest=edition.digest, defaults={"canonical": edition.canonical, "title": edition.title, "made_at": now()}
    )
    local = LocalPack.objects.create(area_path=path, toml="", version=LocalPack.objects.count() + 1, made_at=now())
    Adoption.objects.create(
        area_path=path, edition_id=edition.digest, local_pack=local, since=now(), adopted_at=now(), adopted_by="测试"
    )
    touch(STAMP)
    return edition
