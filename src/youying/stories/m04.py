"""M04: residents order, the community dispatches, partner units accept, residents rate. One community's partners."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from youying.access import actions as access
from youying.access.models import Unit
from youying.access.queries import viewer_of
from youying.access.rules import usual_powers
from youying.editions import actions as editions
from youying.insight.report import rates_report
from youying.kernel.moments import local, now, zone
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.matters.models import Matter
from youying.matters.queries.offers import proposals
from youying.matters.queries.orders import four_slips
from youying.partners import actions as partners
from youying.partners.offer_rules import OfferIn
from youying.partners.queries import published
from youying.partners.wish_rules import WishIn
from youying.places import actions as places
from youying.places.placing import Place, place_of
from youying.stories.telling import Figure, Slip, Teller, story

CODE, TOWN = "990101001004", "990101001"
UNITS = (
    # code, title, class, what, items, who, a month, weekdays, parts
    ("lianfa", "联发律师事务所", "enterprise", "法律咨询", ("legal",), "partner", 12, (2, 4), ("morning", "afternoon")),
    ("minge", "民歌家电维修部", "enterprise", "小家电维修", ("repair",), "partner", 20, (1, 2, 3, 4, 5), ("afternoon",)),
    ("wenxin", "温馨志愿服务队", "other", "上门理发", ("haircut",), "volunteer", 10, (3, 6), ("morning",)),
    ("erxiao", "柳湾区第二小学", "resident", "代购送餐", ("shopping",), "party-member", 16, (6, 7), ("morning", "afternoon")),
)  # fmt: skip
ASKED = (
    ("legal", "房屋赠给儿子，要办什么手续？"),
    ("repair", "电饭锅不加热了"),
    ("haircut", "老人下不了楼"),
    ("shopping", "腿摔了，想请人捎点菜"),
    ("legal", "租客不搬，押金怎么算？"),
    ("repair", "电风扇转不动"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
ORDERS = 40
LAST = {ORDERS - 1: "ordered", ORDERS - 2: "dispatched", ORDERS - 3: "accepted", ORDERS - 4: "served"}
"""How far each of the last orders has come when the story ends."""


@dataclass
class Community:
    """The community with its partners and the people who see to orders."""

    path: str
    homes: list[Place]
    secretary: Viewer
    takers: dict[int, Viewer]


def figures(teller: Teller) -> list[Figure]:
    """What the lists, the slips and the declared figures of the community say."""
    community: Community = teller.shared["liushu"]
    signed = published(community.path)
    rated = Matter.objects.filter(area_path=community.path, kind="order", crossed_off=True)
    whole = all(all(slip.lines for slip in four_slips(one)) for one in rated)
    listed = all(one.offers for one in signed)
    since, until = (teller.until - timedelta(days=200)).date(), (teller.until + timedelta(days=1)).date()
    cells = rates_report(SYSTEM, community.path, since=since, until=until)["rows"][0]["figures"]
    return [
        Figure("签订共建协议的单位", str(len(UNITS)), str(len(signed))),
        Figure("签约单位公开资源清单、服务清单", "全部", "全部" if listed else "有没公开的"),
        Figure("居民点单", str(ORDERS), str(cells["orders"]["count"])),
        Figure("销号的单，点单、派单、接单、评单齐全", "全部", "全部" if whole and rated.exists() else "有缺的"),
    ]


@story(
    "m04",
    title="四单式服务",
    about="柳树沟社区与四家单位签了共建协议；居民从菜单点单，社区按推荐派单，单位接单，居民评单；没接的换一家，不满意的重办。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """Partners sign and publish; then orders come in, most good, some declined, forgotten or done again."""
    chance = random.Random(4)
    start = teller.until - timedelta(days=150)
    teller.at(start, lambda: _lay_out(teller))
    for n in range(0, ORDERS - len(LAST), 2 if teller.brief else 1):
        day = start + timedelta(days=3 + 3.8 * n)
        teller.at(day.replace(hour=9, minute=chance.randint(0, 59)), _order(teller, chance, n))
    for n in LAST:
        before = timedelta(hours=60) if LAST[n] == "served" else timedelta(hours=4 + ORDERS - n)
        teller.at(teller.until - before, _order(teller, chance, n))


def _lay_out(teller: Teller) -> None:
    street = teller.shared["street"]
    path = places.add_area(CODE, name="柳树沟社区", level="community", parent=street.paths[TOWN], by=SYSTEM).path
    text = files("youying.stories").joinpath("local", "liushu.toml").read_text("utf-8")
    editions.adopt(path, local_toml=text, by=SYSTEM, note="演示")
    compound = places.add_compound(path, name="柳树沟小区", by=SYSTEM)
    places.add_grid(path, code=f"{CODE}001", title="第1网格", by=SYSTEM, covers=[compound.path])
    rows = [places.add_building(compound.path, name=f"{n}号楼", by=SYSTEM, entrances=2, floors=6) for n in range(1, 6)]
    office = access.create_unit(by=SYSTEM, code="liushu", title="柳树沟社区居委会", kind="community-office", reach=path)
    secretary = _appoint("liushu-secretary", "陆远山", "secretary", "社区书记", path, office)
    homes = [place_of(building_id=row.pk) for row in rows]
    community = Community(path, homes, secretary, {})
    teller.shared["liushu"] = community
    for one in UNITS:
        _sign(community, *one)


def _appoint(key: str, name: str, code: str, title: str, reach: str, unit: Unit) -> Viewer:
    account = access.create_account(key, by=SYSTEM, name=name)
    powers = usual_powers(code)
    return viewer_of(access.appoint(account, by=SYSTEM, code=code, title=title, reach=reach, unit=unit, powers=powers))


def _sign(
    community: Community, code: str, title: str, kind: str, what: str, items: tuple[str, ...], who: str, capacity: int,
    weekdays: tuple[int, ...], parts: tuple[str, ...],
) -> None:  # fmt: skip
    by, path = community.secretary, community.path
    unit = access.create_unit(by=SYSTEM, code=f"liushu-{code}", title=title, kind="partner", reach=path)
    day = local(now(), zone("Asia/Shanghai")).date()
    partners.sign_agreement(unit.pk, by=by, signed_on=day, since=day, until=day + timedelta(days=365), class_code=kind)
    line = OfferIn("service", what, items, capacity, weekdays, parts, who=who)
    partners.add_offer(unit.pk, line, by=by)
    second = OfferIn("resource", f"{what}（加时）", items, 4, tuple(range(1, 8)), parts, who=who)
    partners.add_offer(unit.pk, second, by=by)
    name = f"{SURNAMES[len(community.takers)]}师傅"
    community.takers[unit.pk] = _appoint(f"liushu-{code}", name, "manager", "联络员", path, unit)


def _order(teller: Teller, chance: random.Random, n: int) -> Callable[[], None]:
    def ask() -> None:
        community: Community = teller.shared["liushu"]
        item, words = ASKED[n % len(ASKED)]
        person = ReporterIn(f"{SURNAMES[n % len(SURNAMES)]}阿姨", f"1390036{n:04d}")
        need = NeedIn(kind="", text=words, channel="qr", category_by="reporter", reporters=(person,))
        wish = WishIn("service", item, declared={"age": 66 + n % 20})
        opened = actions.order(need, wish, place=chance.choice(community.homes), by=SYSTEM, origin="portal")
        if LAST.get(n) == "served":
            teller.slips.append(Slip("点的单送到了，请评一评", opened.matter.number, opened.secret))
        if LAST.get(n) != "ordered":
            _later(teller, 2, lambda: _dispatch(teller, opened, n))

    return ask


def _later(teller: Teller, hours: float, step: Callable[[], None]) -> None:
    teller.at(now() + timedelta(hours=hours), step)


def _dispatch(teller: Teller, opened: Opened, n: int) -> None:
    """The secretary takes the first proposal; one order in nine is declined, one in thirteen forgotten."""
    community: Community = teller.shared["liushu"]
    matter = Matter.objects.get(pk=opened.matter.pk)
    fitting = proposals(community.secretary, matter).fitting
    if not fitting:
        actions.act(matter.pk, "end", by=community.secretary, reason="no-offer")
        return
    chosen = fitting[0].supply
    actions.act(matter.pk, "dispatch", by=community.secretary, offer=chosen.id)
    first = matter.hand_backs == 0
    if n in LAST:
        if LAST[n] != "dispatched":
            _later(teller, 1, lambda: _serve(teller, opened, n, chosen.unit_id))
    elif first and n % 13 == 5:
        _later(teller, 50, lambda: _dispatch(teller, opened, n))
    elif first and n % 9 == 4:
        _later(teller, 3, lambda: _decline(teller, opened, n, chosen.unit_id))
    else:
        _later(teller, 4, lambda: _serve(teller, opened, n, chosen.unit_id))


def _decline(teller: Teller, opened: Opened, n: int, unit_id: int) -> None:
    community: Community = teller.shared["liushu"]
    actions.act(opened.matter.pk, "decline", by=community.takers[unit_id], reason="no-answer")
    _later(teller, 1, lambda: _dispatch(teller, opened, n))


def _serve(teller: Teller, opened: Opened, n: int, unit_id: int) -> None:
    community: Community = teller.shared["liushu"]
    by = community.takers[unit_id]
    actions.act(opened.matter.pk, "accept", by=by)
    if LAST.get(n) == "accepted":
        return
    _later(teller, 40, lambda: _deliver(teller, opened, n, by))


def _deliver(teller: Teller, opened: Opened, n: int, by: Viewer) -> None:
    actions.act(opened.matter.pk, "deliver", by=by, note="按约上门，做好了")
    if n in LAST:
        return
    _later(teller, 6, lambda: _rate(teller, opened, n))


def _rate(teller: Teller, opened: Opened, n: int) -> None:
    """One order in eleven is not good the first time; then it goes back under its number."""
    reporter = Viewer(kind="reporter", reporter_of=opened.matter.pk, reporter_id=opened.reporter_id)
    matter = Matter.objects.get(pk=opened.matter.pk)
    good = not (n % 11 == 3 and matter.reworks == 0)
    said = {"solved": good, "satisfaction": "满意" if n % 7 else "基本满意"} if good else {"solved": False}
    actions.act(matter.pk, "verdict", by=reporter, origin="portal", **({"satisfaction": "不满意"} | said))
    if not good:
        _later(teller, 2, lambda: _dispatch(teller, opened, n))
