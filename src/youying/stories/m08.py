"""M08: duty around the clock, its numbers published, whatever comes off hours with somebody at once."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from youying.access import actions as access
from youying.access.models import Unit
from youying.access.queries import viewer_of
from youying.access.rules import usual_powers
from youying.editions import actions as editions
from youying.editions.queries import calendar_for, edition_for
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.models import Landing, Matter
from youying.matters.queries.duty import off_hours, published_duty
from youying.people.models import HandOver, Shift
from youying.people.roster_rules import month_of
from youying.places import actions as places
from youying.places.placing import place_of
from youying.stories.lives import Life, Roles, demands
from youying.stories.rota import Rota
from youying.stories.telling import Figure, Teller, story

CODE, TOWN, ROSTER = "990101001005", "990101001", "duty"
NUMBER = "0999-5550131"
CREW = (("lanqiao-d1", "陶然"), ("lanqiao-d2", "卢晓峰"), ("lanqiao-d3", "万玛措"), ("lanqiao-d4", "齐向东"))
ROLES = Roles(dispatch="dispatcher", caller="caller", channel_by="lanqiao-d1", units={"office": "lanqiao"})
CHANNELS = ("phone", "qr", "wechat", "phone")
DAYS, DEMANDS = 28, 24
HOURS = (22, 3, 19, 7, 20, 23, 6, 21)
"""When people call in off hours, hour by hour."""
STILL_OPEN = 2
BRIEFLY = 3
"""A brief telling goes back one in so many of the days, and has one in so many of the demands."""
NEIGHBOUR, NEIGHBOUR_ROSTER, NEIGHBOUR_NUMBER = "990101001001", "community", "0999-5550120"
NEIGHBOUR_CREW = (("duty-2", "马兰"), ("duty-3", "贡布"))
"""The community next door has kept duty for longer, a day and a night at a time."""


class Night(Life):
    """A demand of the night: whoever is on duty has it at once, the dispatcher gives it out in the morning."""

    def dispatch(self) -> None:
        """After a quarter of an hour of working time."""
        self.teller.at(self.calendar.after_worked(now(), 15 * 60), super().dispatch)


def figures(teller: Teller) -> list[Figure]:
    """What the rosters, the shifts and the record of the community say."""
    path, until = teller.shared["lanqiao"], teller.until
    calendar = calendar_for(edition_for(path), path)
    matters = Matter.objects.filter(area_path=path)
    nights = [one for one in matters if off_hours(calendar, one.opened_at)]
    landed = Landing.objects.filter(matter__in=nights, account__isnull=False).count()
    numbers = [one.number for one in published_duty(at=until) if one.path == path]
    ended = Shift.objects.filter(path=path, ends_at__lt=until - timedelta(minutes=10), account__isnull=False)
    read = HandOver.objects.filter(shift__in=ended, read_at__isnull=False).count()
    return [
        Figure("每天有人值守", "24小时", f"{_hours_a_day(path, until)}小时"),
        Figure("值班电话向居民公开", NUMBER, "、".join(numbers)),
        Figure("非工作时间来的诉求", str(DEMANDS), str(len(nights))),
        Figure("其中当时就有值班的人接", str(DEMANDS), str(landed)),
        Figure("没有写或没有确认的交接班", "0", str(ended.count() - read)),
    ]


def _hours_a_day(path: str, until: datetime) -> int:
    """The fewest hours that somebody was on duty on any of the last days."""
    rows = Shift.objects.filter(path=path, removed_at=None, account__isnull=False, ends_at__lte=until)
    hours: dict[date, float] = {}
    for row in rows:
        hours[row.day] = hours.get(row.day, 0) + (row.ends_at - row.begins_at).total_seconds() / 3600
    whole = [hours[day] for day in sorted(hours)[1:-1]]
    return int(min(whole, default=0))


@story(
    "m08",
    title="24小时值守",
    about="蓝桥社区四个人轮流值守，电话公开；夜里、周末来的诉求当时就有人接，交接班写明没办完的。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """The community is laid out, its duty planned month by month, demands come in at night and at weekends."""
    days = teller.few(DAYS, one_in=BRIEFLY)
    first, _last = month_of((teller.until - timedelta(days=days + 4)).date())
    start = datetime.combine(first, time(), teller.until.tzinfo) - timedelta(days=3)
    teller.at(start, lambda: _lay_out(teller))
    month = first
    while month <= teller.until.date():
        at = datetime.combine(month, time(10), teller.until.tzinfo) - timedelta(days=2)
        teller.at(at, lambda month=month: _plan(teller, month))  # type: ignore[misc]
        month = month_of(month)[1] + timedelta(days=1)
    teller.at(teller.until - timedelta(hours=3), lambda: _plan(teller, month))
    teller.at(teller.until - timedelta(hours=2), lambda: _swaps(teller))
    teller.at(start + timedelta(hours=1), lambda: _nights(teller))


def _lay_out(teller: Teller) -> None:
    street = teller.shared["street"]
    path = places.add_area(CODE, name="蓝桥社区", level="community", parent=street.paths[TOWN], by=SYSTEM).path
    teller.shared["lanqiao"] = street.paths[CODE] = path
    text = files("youying.stories").joinpath("local", "lanqiao.toml").read_text("utf-8")
    editions.adopt(path, local_toml=text, by=SYSTEM, note="演示")
    compound = places.add_compound(path, name="蓝桥雅居", by=SYSTEM)
    rows = [places.add_building(compound.path, name=f"{n}号楼", by=SYSTEM, entrances=2, floors=6) for n in (1, 2, 3)]
    places.add_grid(path, code=f"{CODE}001", title="第1网格", by=SYSTEM, covers=[compound.path])
    street.buildings[CODE] = [place_of(building_id=row.pk) for row in rows]
    office = access.create_unit(by=SYSTEM, code="lanqiao", title="蓝桥社区居委会", kind="community-office", reach=path)
    street.units["lanqiao"], street.offices[path] = office, "lanqiao"
    wanted = [
        ("lanqiao-secretary", "郭怀玉", "secretary", "社区书记", office),
        ("lanqiao", "尹珊", "manager", "经办人", office),
    ]
    wanted += [(key, name, "duty-officer", "值班员", office) for key, name in CREW]
    for key, name, code, title, unit in wanted:
        street.people[key] = _appoint(key, name, code, title, path, unit)
    for key, name in NEIGHBOUR_CREW:
        there = street.paths[NEIGHBOUR]
        street.people[key] = _appoint(key, name, "duty-officer", "值班员", there, street.units["huaihuali"])


def _appoint(key: str, name: str, code: str, title: str, reach: str, unit: Unit) -> Viewer:
    account = access.create_account(key, by=SYSTEM, name=name)
    powers = usual_powers(code)
    return viewer_of(access.appoint(account, by=SYSTEM, code=code, title=title, reach=reach, unit=unit, powers=powers))


def _rota(teller: Teller) -> Rota:
    people = teller.shared["street"].people
    crew = {people[key].account_id: people[key] for key, _name in CREW}
    return Rota(teller, teller.shared["lanqiao"], ROSTER, people["lanqiao-secretary"], crew, NUMBER)


def _next_door(teller: Teller) -> Rota:
    street = teller.shared["street"]
    people = street.people
    crew = {people[key].account_id: people[key] for key in ("duty", *(key for key, _name in NEIGHBOUR_CREW))}
    return Rota(teller, street.paths[NEIGHBOUR], NEIGHBOUR_ROSTER, people["secretary"], crew, NEIGHBOUR_NUMBER)


def _plan(teller: Teller, month: date) -> None:
    """Both communities plan the month."""
    _rota(teller).plan(month)
    _next_door(teller).plan(month)


def _swaps(teller: Teller) -> None:
    """Two want to swap a shift of the weeks to come: one waits for the colleague, one for the secretary."""
    rota = _rota(teller)
    for n, (key, _name) in enumerate(CREW[:2]):
        rota.swap(teller.shared["street"].people[key], answered=n == 0)
    _next_door(teller).swap(teller.shared["street"].people[NEIGHBOUR_CREW[0][0]], answered=False)


def _nights(teller: Teller) -> None:
    """Demands of the last weeks, every one of them off hours; the last ones still wait with who is on duty."""
    street, chance = teller.shared["street"], random.Random(8)
    calendar = calendar_for(edition_for(street.paths[CODE]), street.paths[CODE])
    last = (teller.until - timedelta(days=1)).date()
    days, demands_here = (teller.few(count, one_in=BRIEFLY) for count in (DAYS, DEMANDS))
    for n in range(demands_here):
        day = last - timedelta(days=days - days * n // (demands_here - 1))
        hour = HOURS[n % len(HOURS)]
        moment = calendar.at(day, time(hour, chance.randint(0, 59)))
        end = "received" if n >= demands_here - STILL_OPEN else "solved" if n < demands_here - 6 else "in-hand"
        place, said = chance.choice(street.buildings[CODE]), {**demands()[n % len(demands())], "unit": "office"}
        Night(teller, street, ROLES, place, said, chance, channel=CHANNELS[n % 4], end=end).begin(moment)
