"""Kills the acts of purses, notices and assessments before every statement and around every commit; JSON lines.

Run as a module in an installation of its own. Each act is done again by a successor who looks first whether it is done.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.matters.killing import START, in_a_fork, killed_at, tell  # sets Django up

from django.core.management import call_command  # isort: skip
from django.db import connection
from django.db.models import Sum

from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import build_town, viewer
from youying.assessments.actions import Assessed, run
from youying.assessments.models import AssessmentRun
from youying.assessments.rules import Share
from youying.funds import actions as funds
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.funds.queries import reconcile
from youying.funds.rules import Earning, terms_of
from youying.kernel.moments import set_clock
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.packs.source import library, with_value
from youying.publications import actions as publications
from youying.publications.models import Publication, PublicationObjection
from youying.publications.rules import Content
from youying.record.queries import story, verify

MOST = 120
PROOF = {"other-evidence": "签到表第2行", "payment": "收据 0017"}
POINTS, FUND = terms_of(edition("m35"), "points"), terms_of(edition("m09"), "grid-fund")
SHARES = {"arrive": Share(Fraction(9), Fraction(10)), "effect": Share(Fraction(34), Fraction(40))}


@dataclass(frozen=True)
class Street:
    """What a child needs: where everything is, and who keeps the books."""

    street: str
    community: str
    grid: str

    @property
    def secretary(self) -> Viewer:
        """Who books, approves, posts and answers."""
        powers = frozenset({"view", "act", "rates"})
        return replace(viewer(self.street), post_code="secretary", powers=powers, account_id=1)

    @property
    def helper(self) -> Viewer:
        """Who books and does not approve."""
        return replace(self.secretary, post_code="building-leader", account_id=2)


# ------------------------------------------------------------------ purses
def purse(at: Street, key: str, *, earned: int = 0) -> Purse:
    """The points of somebody of that key, with so many earned."""
    row = funds.open_purse(POINTS, by=at.secretary, path=at.community, holder=f"person:{key}")
    if earned and not row.balance:
        take(at, key, amount=earned)
    return Purse.objects.get(pk=row.pk)


def take(at: Street, key: str, *, amount: int = 5) -> None:
    """Book an income."""
    row = Purse.objects.get(holder=f"person:{key}")
    if not Booking.objects.filter(target=row).exists():
        funds.take(row.pk, by=at.secretary, terms=POINTS, line="hour", amount=amount, proofs=PROOF)


def ask(at: Street, key: str) -> None:
    """Ask for a spending."""
    row = purse(at, key)
    if not row.asks.exists():
        funds.spend(row.pk, by=at.helper, terms=POINTS, line="gift", amount=3, proofs=PROOF)


def say_yes(at: Street, key: str) -> None:
    """Say yes to it."""
    row = SpendAsk.objects.get(purse=purse(at, key))
    if row.answered_at is None:
        funds.answer_spending(row.pk, by=at.secretary, terms=POINTS, granted=True)


def reverse(at: Street, key: str) -> None:
    """Take the income back."""
    row = Booking.objects.get(target=purse(at, key), kind="take")
    if not Booking.objects.filter(reverses=row).exists():
        funds.reverse(row.pk, by=at.secretary, terms=POINTS, reason="记错了")


def stock(at: Street, key: str) -> Gift:
    """Three pieces of soap of that key on the shelf."""
    found = Gift.objects.filter(title=key).first()
    shelf = {"line": "gift", "title": key, "price": 2, "pieces": 3}
    return found or funds.stock_gift(POINTS, by=at.secretary, path=at.community, **shelf)


def exchange(at: Street, key: str) -> None:
    """Exchange points for a piece."""
    gift = Gift.objects.get(title=key)
    if gift.stock == 3:
        row = purse(at, key)
        funds.exchange(row.pk, by=at.secretary, terms=POINTS, gift_id=gift.pk, proofs=PROOF)


def earn(at: Street, key: str) -> None:
    """Book what a piece of work earned; the same work again earns nothing."""
    work = {"path": at.community, "holder": f"person:{key}", "cause": key, "words": key}
    funds.earn(POINTS, by=SYSTEM, earning=Earning("hour", "order", 5, {}), **work)


def grant(at: Street, key: str) -> None:
    """Give the grid its money of the year."""
    row = funds.open_purse(FUND, by=at.secretary, path=at.grid, holder=key)
    if not Booking.objects.filter(target=row).exists():
        funds.grant(row.pk, by=at.secretary, terms=FUND)


def booked(at: Street, key: str) -> list[Any]:
    """What the purse of that key holds, and its entries."""
    row = Purse.objects.get(holder__in=(key, f"person:{key}"))
    left = [gift.stock for gift in Gift.objects.filter(title=key)]
    return [row.balance, [entry.act.removeprefix("funds.") for entry in story(row.subject)], left]


# ------------------------------------------------------------------ notices
def post(at: Street, key: str) -> None:
    """Post a notice of that key."""
    if not Publication.objects.filter(content__note=key).exists():
        content = Content([("person_name", "姓名")], [["陈**"]], key)
        publications.post("points", by=at.secretary, path=at.community, content=content)


def object_to(at: Street, key: str) -> None:
    """Somebody objects."""
    row = Publication.objects.get(content__note=key)
    if not row.objections.exists():
        publications.object_to(row.pk, by=PUBLIC, words="少记了两个小时", contact="13900010001")


def answer(at: Street, key: str) -> None:
    """The objection is answered."""
    row = PublicationObjection.objects.get(publication__content__note=key)
    if row.answered_at is None:
        publications.answer(row.pk, by=at.secretary, upheld=True, words="已补记")


def posted(at: Street, key: str) -> list[Any]:
    """The notice of that key with its objections, and its entries."""
    row = Publication.objects.get(content__note=key)
    answers = list(row.objections.values_list("upheld", flat=True))
    acts = [entry.act.removeprefix("publications.") for entry in story(row.subject)]
    return [row.withdrawn_at is not None, answers, acts]


# ------------------------------------------------------------------ assessments
def period(key: str) -> dict[str, date]:
    """A day of its own for each key, long over."""
    first = date(2020, 1, 1) + timedelta(days=int(key.rpartition("-")[2]) + 400 * key.startswith("again"))
    return {"since": first, "until": first + timedelta(days=1)}


def assess(at: Street, key: str, *, again: bool = False) -> None:
    """Assess the day of that key."""
    known = AssessmentRun.objects.filter(**period(key)).count()
    if known == int(again):
        both = [Assessed("unit:1", "区住建局", SHARES), Assessed("unit:2", "区城管局", {})]
        run("departments", by=at.secretary, path=at.street, assessed=both, again=again, **period(key))


def assess_again(at: Street, key: str) -> None:
    """Work the day out anew."""
    assess(at, key, again=True)


def assessed(at: Street, key: str) -> list[Any]:
    """The runs of that key, each with its scores, whether it still counts, its entries."""
    rows = AssessmentRun.objects.filter(**period(key)).order_by("pk")
    return [[row.scores.count(), row.replaced_by_id is None, len(story(row.subject))] for row in rows]


Work = Callable[[Street, str], Any]
EARNED: Work = lambda at, key: purse(at, key, earned=5)  # noqa: E731
KILLED: dict[str, tuple[tuple[Work, ...], Work, Work]] = {
    # scenario: what came before, what is killed and done again, what is then seen
    "ask": ((EARNED,), ask, booked),
    "say-yes": ((EARNED, ask), say_yes, booked),
    "reverse": ((EARNED,), reverse, booked),
    "exchange": ((EARNED, stock), exchange, booked),
    "earn": ((), earn, booked),
    "grant": ((), grant, booked),
    "post": ((), post, posted),
    "object": ((post,), object_to, posted),
    "answer": ((post, object_to), answer, posted),
    "again": ((assess,), assess_again, assessed),
}


def lay_out() -> Street:
    """The town with both packs: volunteers in the community, whistles in the street."""
    set_clock(lambda: START)
    town = build_town()
    adopt("m05", town.town.path)
    objected = {"to": ["secretary"], "within": "5 days"}
    adopt(with_value(library()["m35"], key="publication.points.objection", value=objected), town.community.path)
    return Street(town.town.path, town.community.path, town.grid.path)


def kill_everywhere(at: Street, scenario: str) -> None:
    """Kill before the first statement, the second … until a process lives to the end."""
    before, work, see = KILLED[scenario]

    def prepare(key: str) -> None:
        set_clock(lambda: START)
        for step in before:
            step(at, key)

    in_a_fork(lambda: prepare(f"{scenario}-1"))
    for number in range(1, MOST):
        key = f"{scenario}-{number}"

        def doomed(number: int = number, key: str = key) -> None:
            set_clock(lambda: START)
            with killed_at(number):
                work(at, key)

        def successor(number: int = number, key: str = key) -> dict[str, Any]:
            prepare(f"{scenario}-{number + 1}")
            work(at, key)
            sums = Purse.objects.aggregate(n=Sum("balance"))["n"] or 0
            even = all(reconcile(at.secretary, code).balances for code in ("points", "grid-fund"))
            return {"seen": see(at, key), "even": even and sums == 0}

        ended_by, _ = in_a_fork(doomed)
        _, seen = in_a_fork(successor)
        last = {} if ended_by else {"whole": in_a_fork(lambda: verify().ok)[1]}
        tell({"scenario": scenario, "killed": ended_by == signal.SIGKILL} | seen | last)
        if not ended_by:
            return
    raise SystemExit("no process lived to the end")


def main() -> None:
    """Every scenario."""
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    at = lay_out()
    for warm in (earn, post, assess):
        warm(at, "warm-0")
    connection.close()  # children inherit what was read, never the connection
    for scenario in KILLED:
        kill_everywhere(at, scenario)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
