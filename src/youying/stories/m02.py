"""M02: a demand is met at once, one before it is made, a hard one together. One town, its orders, hazards and meetings."""

from __future__ import annotations

import random
from datetime import time, timedelta
from fractions import Fraction
from typing import Any

from youying.editions.queries import calendar_for, edition_for
from youying.insight.report import rates_report
from youying.kernel.calendar import WorkCalendar
from youying.kernel.fractions import percent
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.actions import NeedIn, Told
from youying.matters.models import Matter
from youying.stories.early import Hazard
from youying.stories.hard import HardLife, Table
from youying.stories.lives import Life, Roles, demands, spread
from youying.stories.telling import Figure, Teller, story

TOWN, COMMUNITIES = "990101100", ("990101100001", "990101100002")
ORDERS = 182
SAME_TYPE, LAST_YEAR = 158, 725
OFTEN = 6
"""How many kinds of demands come up again and again; of every other kind each community has one."""
HARD = 52
BRIEFLY = 5
"""A brief telling has one in so many of what comes up again and again, and of last year's."""
WAITING = 2
"""How many hard ones still wait when the story ends: one for the meeting called for tomorrow, one for the next."""
HAZARDS, KINDS = 164, 20
UNITS = {"heshun": "anju", "huaihuali": "office", "gongre": "anju"}
ROLES = Roles(dispatch="town-dispatcher", caller="town-caller", units=UNITS)
DRAIN = "1号楼下水道堵了，厨房的水排不下去，一楼已经往外冒。"


def figures(teller: Teller) -> list[Figure]:
    """What the reports of the town say."""
    street = teller.shared["street"]
    until = (teller.until + timedelta(days=1)).date()
    since = (teller.until - timedelta(days=360)).date()
    cells = rates_report(SYSTEM, street.paths[TOWN], since=since, until=until)["rows"][0]["figures"]
    drain = Matter.objects.filter(area_path__startswith=street.paths[TOWN], words=DRAIN).first()
    took = _half_day(drain) if drain else "没有"
    change = cells["same-type-change"]
    hard = cells["hard-solved"]["count"]
    return [
        Figure("未诉先办研判隐患", "164", str(cells["screened"]["count"])),
        Figure("同类诉求", "725→158，−78%", _fall(change)),
        Figure("难诉联办解决硬骨头", "50+", "50+" if hard >= 50 else str(hard)),
        Figure("承办工单", str(ORDERS), str(cells["received"]["count"])),
        Figure("按时办结率", "100%", _percent(cells["on-time"])),
        Figure("响应率", "100%", _percent(cells["response"])),
        Figure("满意率", "100%", _percent(cells["satisfaction"])),
        Figure("1号楼下水道", "半天解决", took),
    ]


def _fall(cell: dict[str, Any]) -> str:
    then, now_ = cell["last-year"]["count"], cell["count"]
    fall = round(Fraction(100 * (then - now_), then)) if then else 0
    return f"{then}→{now_}，−{fall}%"


def _half_day(matter: Matter) -> str:
    done = matter.completed_at
    quick = done is not None and done - matter.opened_at <= timedelta(hours=5)
    return "半天解决" if quick and matter.solved else f"用了{done - matter.opened_at if done else '很久'}"


def _percent(cell: dict[str, int]) -> str:
    return percent(cell["numerator"], cell["denominator"], 0) if cell["denominator"] else "无"


@story(
    "m02",
    title="三诉三办",
    about="柳湾镇：接诉即办件件按时，未诉先办研判164处隐患、同类诉求降下来，难诉联办一次次开会分工办成。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """182 orders, every one in time and found good; hard ones go to joint meetings; 164 hazards before anybody said a word."""
    street, chance = teller.shared["street"], random.Random(2)
    calendar = calendar_for(edition_for(street.paths[TOWN]), street.paths[TOWN])
    teller.at(teller.until - timedelta(days=359), lambda: last_year(teller, chance, calendar))
    _orders(teller, chance, calendar)
    _hazards(teller, chance, calendar)


def _orders(teller: Teller, chance: random.Random, calendar: WorkCalendar) -> None:
    """158 of kinds that come up again and again, 24 that came up once; every other one of the early ones among those is hard."""
    street, table = teller.shared["street"], Table(teller, "town-leader")
    called = Table(teller, "town-leader", ahead=True)
    wanted = [(code, said) for said in demands()[OFTEN:] for code in COMMUNITIES]
    often_said = teller.few(SAME_TYPE - 1 - WAITING, one_in=BRIEFLY)
    wanted += [(COMMUNITIES[n % 2], demands()[n // 2 % OFTEN]) for n in range(often_said)]
    chance.shuffle(wanted)
    wanted += [(code, demands()[n]) for n, code in enumerate(COMMUNITIES[:WAITING])]
    start, end = teller.until - timedelta(days=340), teller.until - timedelta(days=18)
    moments = spread(start, end, len(wanted), chance, calendar)
    often = 0
    moments[-WAITING:] = [calendar.before_worked(teller.until, hours * 3600) for hours in (14, 9)]
    for n, (moment, (code, said)) in enumerate(zip(moments, wanted, strict=True)):
        often += said in demands()[:OFTEN]  # what came up once stays alone of its kind
        waits = n >= len(wanted) - WAITING
        hard = waits or (said in demands()[:OFTEN] and often % 2 == 1 and often < 2 * HARD)
        common: dict[str, Any] = {
            "channel": ("hotline", "phone", "qr", "walk-in", "upper-level")[n % 5],
            "end": "content" if n % 7 == 3 else "solved",
        }
        place = chance.choice(street.buildings[code])
        if hard:
            common["table"] = called if waits else table
        (HardLife if hard else Life)(teller, street, ROLES, place, said, chance, **common).begin(moment)
    place = street.buildings[COMMUNITIES[0]][0]
    drain = Life(teller, street, ROLES, place, demands()[0], chance, channel="phone", words=DRAIN, fast=True)
    day = calendar.next_working_day((teller.until - timedelta(days=120)).date())
    drain.begin(calendar.at(day, time(9, 10)))


def _hazards(teller: Teller, chance: random.Random, calendar: WorkCalendar) -> None:
    """Found on rounds; where one stands for a kind, the same kind of place is looked at too."""
    street = teller.shared["street"]
    found, kinds = (teller.few(count, one_in=BRIEFLY) for count in (HAZARDS - KINDS, KINDS))
    moments = spread(teller.until - timedelta(days=330), teller.until - timedelta(days=20), found, chance, calendar)
    for n, moment in enumerate(moments):
        code, community = ((COMMUNITIES[0], "tongyin"), (COMMUNITIES[1], "beita"))[n % 2]
        place = chance.choice(street.buildings[code])
        Hazard(teller, street, place, chance, community, kind_too=n < kinds).begin(moment)


def last_year(teller: Teller, chance: random.Random, calendar: WorkCalendar) -> None:
    """The demands of the year before, as the town's old system tells them: many of few kinds."""
    street, until = teller.shared["street"], teller.until
    count = teller.few(LAST_YEAR, one_in=BRIEFLY)
    moments = spread(until - timedelta(days=700), until - timedelta(days=385), count, chance, calendar)
    rows = []
    for n, at in enumerate(moments):
        code, said = COMMUNITIES[n % 2], demands()[n // 2 % OFTEN]
        done = calendar.after_worked(at, 2 * calendar.day_seconds)
        need = NeedIn(
            kind="demand", text=chance.choice(said["words"]), channel="hotline", external_id=f"旧{n + 1:04d}",
            category=said["category"], category_by="import",
        )  # fmt: skip
        rows.append(
            Told(
                need, chance.choice(street.buildings[code]), at, unit_id=street.units["anju"].pk, done_at=done,
                note=said["done"], solved=True, satisfaction="满意",
            )
        )  # fmt: skip
    refused = [one for one in actions.open_many(rows, by=SYSTEM) if isinstance(one, Refused)]
    if refused:
        raise refused[0]
