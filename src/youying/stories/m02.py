"""M02: a demand is met at once. One town's work orders, pushed and asked for their effect, all in time."""

from __future__ import annotations

import random
from datetime import time, timedelta

from youying.editions.queries import calendar_for, edition_for
from youying.insight.report import rates_report
from youying.kernel.fractions import percent
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.stories.lives import Life, Roles, demands, spread
from youying.stories.telling import Figure, Teller, story

TOWN, COMMUNITIES = "990101100", ("990101100001", "990101100002")
ORDERS = 182
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
    return [
        Figure("承办工单", "182", str(cells["received"]["count"])),
        Figure("按时办结率", "100%", _percent(cells["on-time"])),
        Figure("响应率", "100%", _percent(cells["response"])),
        Figure("满意率", "100%", _percent(cells["satisfaction"])),
        Figure("1号楼下水道", "半天解决", took),
    ]


def _half_day(matter: Matter) -> str:
    done = matter.completed_at
    quick = done is not None and done - matter.opened_at <= timedelta(hours=5)
    return "半天解决" if quick and matter.solved else f"用了{done - matter.opened_at if done else '很久'}"


def _percent(cell: dict[str, int]) -> str:
    return percent(cell["numerator"], cell["denominator"], 0) if cell["denominator"] else "无"


@story(
    "m02",
    title="三诉三办·接诉即办",
    about="柳湾镇的工单：交办、推动、问效，件件按时；1号楼的下水道半天就通了。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """182 orders, every one completed in time and found good; the told drain among them."""
    street, chance = teller.shared["street"], random.Random(2)
    places = [place for code in COMMUNITIES for place in street.buildings[code]]
    calendar = calendar_for(edition_for(street.paths[TOWN]), street.paths[TOWN])
    moments = spread(
        teller.until - timedelta(days=340), teller.until - timedelta(days=18), ORDERS - 1, chance, calendar
    )
    for n, moment in enumerate(moments):
        end = "content" if n % 7 == 3 else "solved"
        life = Life(
            teller, street, ROLES, chance.choice(places), chance.choice(demands()), chance,
            channel=("hotline", "phone", "qr", "walk-in", "upper-level")[n % 5], end=end,
        )  # fmt: skip
        life.begin(moment)
    drain = Life(teller, street, ROLES, places[0], demands()[0], chance, channel="phone", words=DRAIN, fast=True)
    day = calendar.next_working_day((teller.until - timedelta(days=120)).date())
    drain.begin(calendar.at(day, time(9, 10)))
