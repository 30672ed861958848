"""M35: contact units, resident units, volunteers and their points. One community's registers, purses and board."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files

from youying.access import actions as access
from youying.access.models import Unit
from youying.access.queries import units, viewer_of
from youying.access.rules import usual_powers
from youying.editions import actions as editions
from youying.editions.queries import edition_for
from youying.funds import queries as purses
from youying.funds.actions import exchange, stock_gift, take
from youying.funds.rules import terms_of
from youying.insight.queries import listed_figure
from youying.kernel.viewers import SYSTEM, Viewer
from youying.people.actions import enter
from youying.people.register_queries import entries_by_class
from youying.people.register_rules import Consented, Listed
from youying.places import actions as places
from youying.publications.actions import post
from youying.publications.rules import Content
from youying.sheets.actions import fill
from youying.stories.telling import Figure, Teller, story

CODE, TOWN = "990101001003", "990101001"
COMPOUNDS = ("柳荫里", "河滨苑", "枣园小区", "向阳院", "东风小区", "石榴巷")
BUILDINGS = 7
PARTNERS = (
    ("云川市水务局", "contact"),
    ("柳湾区第三小学", "resident"),
    ("云川银行柳湾支行", "resident"),
    ("柳湾卫生服务站", "resident"),
    ("河沿消防站", "resident"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏"
GIVEN = ("建国", "秀兰", "志强", "玉梅", "海峰", "春燕", "德胜")
SKILLS = ("理发", "水电维修", "普法", "量血压", "写春联", "带孩子读书", "代购")
RESIDENTS = 12
GIFTS = (("旧书换时令蔬菜一袋", 6, 60), ("旧衣换肥皂一块", 4, 80))


def figures(teller: Teller) -> list[Figure]:
    """What the registers of the community say."""
    path = teller.shared["liuyin"]
    partners = entries_by_class(SYSTEM, "partner", path=path)
    branches = units(SYSTEM, kind="grid-branch", reach=path).count()
    return [
        Figure("网格党支部", "6", str(branches)),
        Figure("党员担任楼栋长", "42", listed_figure(SYSTEM, path, "leaders").say),
        Figure("包联单位", "1", str(partners.get("contact", 0))),
        Figure("驻区单位", "4", str(partners.get("resident", 0))),
    ]


@story(
    "m35",
    title="共建与志愿",
    about="柳荫社区的楼栋长都是报到党员；驻区单位上了名册，志愿服务记积分、换蔬菜，积分贴在公示栏。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """The community is laid out, its registers fill up, hours are booked month by month, points are posted."""
    chance = random.Random(35)
    start = teller.until - timedelta(days=200)
    teller.at(start, lambda: _lay_out(teller))
    teller.at(start + timedelta(days=1), lambda: _list_partners(teller))
    teller.at(start + timedelta(days=2), lambda: _list_leaders(teller, chance))
    teller.at(start + timedelta(days=3), lambda: _list_residents(teller, chance))
    for month in range(6):
        teller.at(start + timedelta(days=20 + 28 * month), _hours(teller, chance))
    teller.at(start + timedelta(days=100), lambda: _exchange(teller))
    teller.at(teller.until - timedelta(days=4), lambda: _post(teller))


def _lay_out(teller: Teller) -> None:
    street = teller.shared["street"]
    path = places.add_area(CODE, name="柳荫社区", level="community", parent=street.paths[TOWN], by=SYSTEM).path
    teller.shared["liuyin"], teller.shared["liuyin-buildings"] = path, []
    text = files("youying.stories").joinpath("local", "liuyin.toml").read_text("utf-8")
    editions.adopt(path, local_toml=text, by=SYSTEM, note="演示")
    for n, name in enumerate(COMPOUNDS, 1):
        compound = places.add_compound(path, name=name, by=SYSTEM)
        grid = places.add_grid(path, code=f"{CODE}{n:03d}", title=f"第{n}网格", by=SYSTEM, covers=[compound.path])
        access.create_unit(
            by=SYSTEM, code=f"liuyin-{n}", title=f"{name}网格党支部", kind="grid-branch", reach=grid.path
        )
        for b in range(1, BUILDINGS + 1):
            row = places.add_building(compound.path, name=f"{b}号楼", by=SYSTEM, entrances=2, floors=6)
            teller.shared["liuyin-buildings"].append(row.path)
    office = access.create_unit(by=SYSTEM, code="liuyin", title="柳荫社区居委会", kind="community-office", reach=path)
    teller.shared["liuyin-secretary"] = _appoint("liuyin-secretary", "方若谷", "secretary", "社区书记", path, office)


def _appoint(key: str, name: str, code: str, title: str, reach: str, unit: Unit | None = None) -> Viewer:
    account = access.create_account(key, by=SYSTEM, name=name)
    powers = usual_powers(code)
    held = access.appoint(account, by=SYSTEM, code=code, title=title, reach=reach, unit=unit, powers=powers)
    return viewer_of(held)


def _list_partners(teller: Teller) -> None:
    path, by = teller.shared["liuyin"], teller.shared["liuyin-secretary"]
    for n, (title, kind) in enumerate(PARTNERS, 1):
        unit = access.create_unit(by=SYSTEM, code=f"liuyin-p{n}", title=title, kind="partner", reach=path)
        enter("partner", by=by, edition=edition_for(path), path=path, listed=Listed(unit_id=unit.pk), class_code=kind)


def _list_leaders(teller: Teller, chance: random.Random) -> None:
    """Each of the 42 buildings has a party member who leads it and is on the volunteers' register."""
    for n, path in enumerate(teller.shared["liuyin-buildings"]):
        name = SURNAMES[n] + GIVEN[n % len(GIVEN)]
        _appoint(f"liuyin-b{n + 1}", name, "building-leader", "楼栋长", path)
        _volunteer(teller, chance, name=name, number=n, path=path, kind="party")


def _list_residents(teller: Teller, chance: random.Random) -> None:
    for n in range(RESIDENTS):
        path = teller.shared["liuyin-buildings"][n * 3]
        name = SURNAMES[-1 - n] + GIVEN[(n + 3) % len(GIVEN)]
        _volunteer(teller, chance, name=name, number=100 + n, path=path, kind="student" if n % 4 == 3 else "resident")


def _volunteer(teller: Teller, chance: random.Random, *, name: str, number: int, path: str, kind: str) -> None:
    by, edition = teller.shared["liuyin-secretary"], edition_for(path)
    consents = [Consented(purpose, "written") for purpose in ("keep", "match", "show")]
    listed = Listed(name=name, phone=f"1390035{number:04d}")
    row = enter("volunteer", by=by, edition=edition, path=path, listed=listed, class_code=kind, consents=consents)
    values = {
        "skill": chance.choice(SKILLS),
        "time": "周末上午",
        "party": "yes" if kind == "party" else "no",
        "bank": "志愿积分",
    }
    fill(subject=row.subject, sheet="volunteer", edition=edition, values=values, by=by, act="people.enter", path=path)


def _hours(teller: Teller, chance: random.Random) -> Callable[[], None]:
    def book() -> None:
        by, path = teller.shared["liuyin-secretary"], teller.shared["liuyin"]
        terms = terms_of(edition_for(path), "points")
        for one in chance.sample(purses.purses(by, "points", path=path, limit=100), 9):
            proofs = {"other-evidence": f"签到表第{chance.randint(1, 30)}行"}
            take(one.id, by=by, terms=terms, line="hour", amount=chance.randint(1, 4), proofs=proofs)

    return book


def _exchange(teller: Teller) -> None:
    """Old books for vegetables, old clothes for soap: whoever has enough takes one home."""
    by, path = teller.shared["liuyin-secretary"], teller.shared["liuyin"]
    terms = terms_of(edition_for(path), "points")
    shelf = [
        stock_gift(terms, by=by, path=path, line="gift", title=title, price=price, pieces=pieces)
        for title, price, pieces in GIFTS
    ]
    for n, one in enumerate(purses.purses(by, "points", path=path, limit=6)):
        gift = shelf[n % len(shelf)]
        if one.balance >= gift.price:
            proofs = {"other-evidence": f"兑换登记第{n + 1}行"}
            exchange(one.id, by=by, terms=terms, gift_id=gift.pk, proofs=proofs)


def _post(teller: Teller) -> None:
    by, path = teller.shared["liuyin-secretary"], teller.shared["liuyin"]
    rows = [row for row in purses.board_rows(by, "points", path=path, limit=20) if row[2] != "0分"]
    columns = [("person_name", "姓名"), ("place", "楼栋"), ("balance", "积分")]
    post("points", by=by, path=path, content=Content(columns, rows, "上半年志愿服务积分"))
