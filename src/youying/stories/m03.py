"""M03: assign, judge, solve, call back. One community's year of complaint orders."""

from __future__ import annotations

import random
from datetime import timedelta

from youying.editions.queries import calendar_for, edition_for
from youying.insight.report import rates_report
from youying.kernel.fractions import percent
from youying.kernel.viewers import SYSTEM
from youying.stories.lives import Life, Roles, demands, spread
from youying.stories.telling import Figure, Teller, story

COMMUNITY = "990101001001"
ORDERS, SOLVED, WAITING = 138, 128, 3
BRIEFLY = 3
"""A brief telling solves one in so many; what is still in hand is all there."""
ROLES = Roles(dispatch="duty", caller="grid", judge="secretary", channel_by="duty", units={"huaihuali": "heshun"})
CHANNELS = ("qr", "phone", "walk-in", "wechat", "visit", "hotline")


def figures(teller: Teller) -> list[Figure]:
    """What the reports of the community say."""
    street = teller.shared["street"]
    zone_end = (teller.until + timedelta(days=1)).date()
    since = (teller.until - timedelta(days=360)).date()
    report = rates_report(SYSTEM, street.paths[COMMUNITY], since=since, until=zone_end)
    cells = report["rows"][0]["figures"]
    return [
        Figure("受理投诉件", "138", str(cells["received"]["count"])),
        Figure("响应率", "100%", _percent(cells["response"])),
        Figure("办结率", "93%", _percent(cells["completion"])),
        Figure("满意率", "99%", _percent(cells["satisfaction"])),
    ]


def _end(n: int, solved: int) -> str:
    """What becomes of the n-th solved order: most good, one unhappy, some at the second go, the last await their verdict."""
    if n >= solved - WAITING:
        return "completed"
    if n % 41 == 7:
        return "unsolved-first"
    return {57: "unhappy"}.get(n) or ("content" if n % 9 == 4 else "solved")


def _percent(cell: dict[str, int]) -> str:
    return percent(cell["numerator"], cell["denominator"], 0) if cell["denominator"] else "无"


@story(
    "m03",
    title="分派+研判+解决+回访",
    about="槐花里社区一年的投诉件：第一时间分派，有人研判，解决后上门回访；还有几件正在办。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """138 orders; the last ones are still in hand when the story ends."""
    street, chance = teller.shared["street"], random.Random(3)
    places = street.buildings[COMMUNITY]
    calendar = calendar_for(edition_for(street.paths[COMMUNITY]), street.paths[COMMUNITY])
    solved = teller.few(SOLVED, one_in=BRIEFLY)
    moments = spread(teller.until - timedelta(days=350), teller.until - timedelta(days=16), solved, chance, calendar)
    for n, moment in enumerate(moments):
        life = Life(
            teller, street, ROLES, chance.choice(places), chance.choice(demands()), chance,
            channel=CHANNELS[n % len(CHANNELS)], end=_end(n, solved),
        )  # fmt: skip
        life.begin(moment)
    for n in range(ORDERS - SOLVED):
        said = demands()[(n * 3 + 1) % len(demands())]
        life = Life(
            teller,
            street,
            ROLES,
            chance.choice(places),
            said,
            chance,
            channel=CHANNELS[n % len(CHANNELS)],
            end="in-hand",
        )
        moment = life.calendar.before_worked(teller.until, (6 + n * 3) * 3600 + chance.randint(0, 1500))
        life.begin(moment)
