"""M01: whatever the channel, one matter with one number, and it ends by a verdict or a recorded lawful reason."""

from __future__ import annotations

import random
from datetime import timedelta

from youying.editions.queries import calendar_for, edition_for
from youying.matters import actions, queries
from youying.matters.models import Ask, Matter
from youying.stories.lives import Life, Roles, demands, spread
from youying.stories.telling import Figure, Teller, story

COMMUNITY = "990101001002"
CHANNELS = ("hotline", "wechat", "qr", "phone", "walk-in", "letter-box", "visit", "patrol", "meeting", "upper-level")
UNITS = {"heshun": "dukou-office", "huaihuali": "dukou-office"}
ROLES = Roles(dispatch="dispatcher", caller="caller", units=dict.fromkeys(UNITS, "shizheng"))


def figures(teller: Teller) -> list[Figure]:
    """Nothing was lost: ten channels, ten numbers, ten ends."""
    path = teller.shared["street"].paths[COMMUNITY]
    mine = Matter.objects.filter(area_path=path)
    ended = mine.filter(ended_at__isnull=False)
    by_verdict = ended.filter(crossed_off=True, solved=True).count()
    by_reason = ended.exclude(end_reason="").count()
    looked_up = sum(
        1 for number, secret in teller.shared["slips"] if queries.look_up(number, secret).matter.number == number
    )
    return [
        Figure("渠道", "10", str(mine.values("channel").distinct().count())),
        Figure("一件一号", "10", str(mine.values("number").distinct().count())),
        Figure("凭编号和查询码查到", "10", str(looked_up)),
        Figure("有评价或有依规理由才完", "9 + 1", f"{by_verdict} + {by_reason}"),
    ]


@story(
    "m01",
    title="有诉必应马上办",
    about="渡口社区：十个渠道各来一件，都成为一个编号，谁也没丢，居民说解决了或写明依规理由才完。",
    figures=figures,
)
def play(teller: Teller) -> None:
    """Ten demands, one a channel; one is withdrawn by the resident."""
    street, chance = teller.shared["street"], random.Random(1)
    teller.shared["slips"] = []
    places = street.buildings[COMMUNITY]
    calendar = calendar_for(edition_for(street.paths[COMMUNITY]), street.paths[COMMUNITY])
    moments = spread(
        teller.until - timedelta(days=60), teller.until - timedelta(days=25), len(CHANNELS), chance, calendar
    )
    for n, (channel, moment) in enumerate(zip(CHANNELS, moments, strict=True)):
        life = Life(
            teller, street, ROLES, places[n % len(places)], demands()[n], chance, channel=channel,
            end="dispatched" if channel == "meeting" else "solved",
        )  # fmt: skip
        life.begin(moment)
        teller.at(moment + timedelta(minutes=1), _keep(teller, life))
        if channel == "meeting":
            teller.at(moment + timedelta(days=2), _withdraw(teller, life))


def _keep(teller: Teller, life: Life):  # type: ignore[no-untyped-def]
    return lambda: teller.shared["slips"].append((life.number, life.secret))


def _withdraw(teller: Teller, life: Life):  # type: ignore[no-untyped-def]
    def step() -> None:
        """The resident takes it back; the reason is coded and agreed to."""
        street = teller.shared["street"]
        actions.act(
            life.matter_id,
            "end",
            by=street.people["dispatcher"],
            reason="withdrawn",
            note="居民来电说自己已经修好，不用来了。",
        )
        ask = Ask.objects.get(matter_id=life.matter_id, answer="", kind="step")
        actions.approve(ask.pk, by=street.people["leader"])

    return step
