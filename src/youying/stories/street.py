"""The fictional county of the stories: places, units and people, built through the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

from youying.access import actions as access
from youying.access.models import Account, Unit
from youying.access.queries import viewer_of
from youying.access.rules import usual_powers
from youying.editions import actions as editions
from youying.kernel.calendar import years_known
from youying.kernel.viewers import SYSTEM, Viewer
from youying.places import actions as places
from youying.places.placing import Place, place_of

AREAS = (
    ("99", "杏江省", "province"),
    ("9901", "云川市", "city"),
    ("990101", "柳湾区", "county"),
    ("990101001", "柳湾街道", "town"),
    ("990101001001", "槐花里社区", "community"),
    ("990101001002", "渡口社区", "community"),
    ("990101100", "柳湾镇", "town"),
    ("990101100001", "桐荫社区", "community"),
    ("990101100002", "北塔社区", "community"),
)
COMPOUNDS = {
    # community: (compound, kind, buildings, entrances, floors, centre)
    "990101001001": (
        ("杏林小区", 6, 3, 6, (101.7712, 36.6231)),
        ("和风苑", 9, 2, 18, (101.7745, 36.6248)),
        ("锦棠花园", 8, 2, 11, (101.7768, 36.6219)),
        ("老纺织院", 5, 4, 5, (101.7698, 36.6205)),
    ),
    "990101001002": (("渡口花园", 7, 2, 11, (101.7801, 36.6202)), ("供销社家属院", 3, 3, 5, (101.7823, 36.6226))),
    "990101100001": (("桐荫里", 6, 3, 6, (101.7912, 36.6301)), ("粮站家属院", 2, 4, 5, (101.7934, 36.6325))),
    "990101100002": (("北塔新村", 8, 2, 6, (101.7981, 36.6344)), ("北塔老街", 4, 1, 3, (101.8013, 36.6329))),
}
ROADS = {
    "990101001001": ("槐花路", "河沿路"),
    "990101001002": ("渡口路",),
    "990101100001": ("桐荫路",),
    "990101100002": ("北塔街",),
}
LOCAL_PACKS = {"990101001001": "huaihuali", "990101001": "liuwan-jiedao", "990101100": "liuwan"}


@dataclass
class Street:
    """The built county: paths by code, places to report from, units and people by a short name."""

    paths: dict[str, str] = field(default_factory=dict)
    buildings: dict[str, list[Place]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    people: dict[str, Viewer] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)


def build_street() -> Street:
    """Lay out the county, its editions, its units and its people; nobody has a password."""
    street = Street()
    for code, name, level in AREAS:
        parent = next((street.paths[c] for c in sorted(street.paths, key=len, reverse=True) if code.startswith(c)), "")
        street.paths[code] = places.add_area(code, name=name, level=level, parent=parent, by=SYSTEM).path
    for community in COMPOUNDS:
        _compounds(street, community)
    for year in years_known():
        editions.seed_calendar(year, by=SYSTEM)
    for code, pack in LOCAL_PACKS.items():
        text = files("youying.stories").joinpath("local", f"{pack}.toml").read_text("utf-8")
        editions.adopt(street.paths[code], local_toml=text, by=SYSTEM, note="演示")
    _units(street)
    _people(street)
    return street


def _compounds(street: Street, community: str) -> None:
    area = street.paths[community]
    street.buildings[community] = []
    for number, (name, buildings, entrances, floors, (longitude, latitude)) in enumerate(COMPOUNDS[community], 1):
        compound = places.add_compound(area, name=name, by=SYSTEM, longitude=longitude, latitude=latitude)
        for n in range(1, buildings + 1):
            row = places.add_building(
                compound.path, name=f"{n}号楼", by=SYSTEM, entrances=entrances, floors=floors,
                longitude=longitude + (n % 3) * 0.0005, latitude=latitude + (n // 3) * 0.0004,
            )  # fmt: skip
            places.issue_entrance_codes(row.path, by=SYSTEM)
            street.buildings[community].append(place_of(building_id=row.pk))
        code = f"{community}{number:03d}"
        places.add_grid(
            area,
            code=code,
            title=f"第{number}网格",
            by=SYSTEM,
            covers=[compound.path],
            polygon=_square(longitude, latitude),
        )
    street.buildings[community] = [place_of(building_id=p.building_id) for p in street.buildings[community]]
    for road in ROADS[community]:
        places.add_road(area, name=road, by=SYSTEM)


def _square(longitude: float, latitude: float) -> dict[str, object]:
    west, east, south, north = longitude - 0.0009, longitude + 0.0021, latitude - 0.0006, latitude + 0.0016
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _units(street: Street) -> None:
    county = street.paths["990101"]
    wanted = (
        ("heshun", "和顺物业", "property-company", "990101001001"),
        ("huaihuali", "槐花里社区居委会", "community-office", "990101001001"),
        ("dukou", "渡口社区居委会", "community-office", "990101001002"),
        ("tongyin", "桐荫社区居委会", "community-office", "990101100001"),
        ("beita", "北塔社区居委会", "community-office", "990101100002"),
        ("anju", "安居维修队", "property-company", "990101100"),
        ("shizheng", "区市政所", "department", "990101"),
        ("paishui", "区排水中心", "department", "990101"),
        ("zhifa", "综合执法队", "department", "990101"),
        ("gongre", "区供热站", "department", "990101"),
    )
    for code, title, kind, area in wanted:
        reach = street.paths.get(area, county)
        street.units[code] = access.create_unit(by=SYSTEM, code=code, title=title, kind=kind, reach=reach)
        if kind == "community-office":
            street.offices[reach] = code


def _people(street: Street) -> None:
    wanted = (
        ("secretary", "林晓禾", "secretary", "社区书记", "990101001001", "huaihuali"),
        ("duty", "韩树成", "duty-officer", "值班员", "990101001001", "huaihuali"),
        ("grid", "苏敏", "grid-worker", "网格员", "990101001001", "huaihuali"),
        ("dukou-secretary", "钱月华", "secretary", "社区书记", "990101001002", "dukou"),
        ("dispatcher", "周智远", "dispatcher", "派单员", "990101001", ""),
        ("caller", "方静", "caller", "回访员", "990101001", ""),
        ("leader", "何立诚", "street-leader", "街道领导", "990101001", ""),
        ("heshun", "董建平", "", "项目经理", "990101001001", "heshun"),
        ("shizheng", "罗大勇", "", "养护班长", "990101", "shizheng"),
        ("paishui", "孟凡", "", "抢修班长", "990101", "paishui"),
        ("zhifa", "石磊", "", "中队长", "990101", "zhifa"),
        ("auditor", "严明达", "auditor", "审计员", "990101", ""),
        ("gongre", "郝春来", "", "热力管家", "990101", "gongre"),
        ("dukou-office", "温如玉", "", "经办人", "990101001002", "dukou"),
        ("town-dispatcher", "冯一凡", "dispatcher", "派单员", "990101100", ""),
        ("town-caller", "葛小雨", "caller", "回访员", "990101100", ""),
        ("town-leader", "邹正", "street-leader", "镇领导", "990101100", ""),
        ("town-supervisor", "纪明", "supervisor", "督办专员", "990101100", ""),
        ("anju", "马力", "", "队长", "990101100", "anju"),
        ("tongyin", "杜鹃", "", "经办人", "990101100001", "tongyin"),
        ("beita", "乔麦", "", "经办人", "990101100002", "beita"),
        ("tongyin-secretary", "秦素芳", "secretary", "社区书记", "990101100001", "tongyin"),
        ("tongyin-grid", "田大春", "grid-worker", "网格员", "990101100001", ""),
        ("beita-secretary", "冷志远", "secretary", "社区书记", "990101100002", "beita"),
        ("beita-grid", "白小燕", "grid-worker", "网格员", "990101100002", ""),
    )
    for key, name, code, title, area, unit in wanted:
        account = access.create_account(key, by=SYSTEM, name=name)
        post = access.appoint(
            account, by=SYSTEM, code=code or "manager", title=title, reach=street.paths[area],
            unit=street.units.get(unit), powers=usual_powers(code or "manager"),
        )  # fmt: skip
        street.accounts[key] = account
        street.people[key] = viewer_of(post)
