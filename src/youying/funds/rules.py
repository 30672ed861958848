"""What a purse allows: lines, amounts, proofs, who says yes to a spending; pure functions over exact whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from youying.kernel.money import say_yuan, yuan
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.packs.words import NEEDS

UNITS: dict[str, str] = {"yuan": "元", "points": "分", "hours": "小时"}
KINDS: dict[str, str] = {"grant": "拨入", "take": "收入", "spend": "支出", "reverse": "冲正"}
SCALE: Mapping[str, int] = {"yuan": 100, "points": 1, "hours": 100}
"""How many of the smallest unit make one: fen, points, hundredths of an hour."""

MOST = 10**12
MOST_WORDS = 200
PERIODLESS = frozenset({"once", "as-called"})


@dataclass(frozen=True, slots=True)
class Tier:
    """Who says yes to spendings above so much (in smallest units)."""

    over: int
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earning:
    """What whoever served earns by itself when an order of a loop is crossed off, in the smallest unit."""

    line: str
    loop: str
    each: int
    where: Mapping[str, Any]

    def is_earned(self, loop: str, facts: Mapping[str, Any]) -> bool:
        """Whether an order of this loop with these facts earns it."""
        return loop == self.loop and matches(self.where, facts)


@dataclass(frozen=True, slots=True)
class Terms:
    """One kind of purse as an edition declares it; amounts in the smallest unit."""

    code: str
    title: str
    of: str
    unit: str
    grant: int
    every: str
    takes: Mapping[str, str]
    spends: Mapping[str, str]
    needs: tuple[str, ...]
    approve: tuple[Tier, ...]
    publish: str
    refuse_reasons: Mapping[str, str]
    earns: tuple[Earning, ...] = ()

    def line_title(self, kind: str, line: str) -> str:
        """What a line is called."""
        return {**self.takes, **self.spends}.get(line, KINDS[kind])


def purses_of(edition: Edition) -> dict[str, Terms]:
    """Every kind of purse of an edition by code."""
    return {code: terms_of(edition, code) for code in edition.pack.purse}


def earned(edition: Edition, loop: str, facts: Mapping[str, Any]) -> list[tuple[Terms, Earning]]:
    """What an order of a loop earns whoever served it, purse by purse, now that it is crossed off with these facts."""
    paying = [terms_of(edition, code) for code, said in edition.pack.purse.items() if said.earns]
    return [(terms, one) for terms in paying for one in terms.earns if one.is_earned(loop, facts)]


def terms_of(edition: Edition, code: str) -> Terms:
    """One kind of purse of an edition; refused when there is none of that code."""
    said = edition.pack.purse.get(code)
    if said is None:
        titles = "、".join(one.title for one in edition.pack.purse.values()) or "没有"
        raise Refused("purse-unknown", say=f"这里的机制包没有这种账户，现有：{titles}。", have=code[:40])
    scale = SCALE[said.unit]
    return Terms(
        code=code,
        title=said.title,
        of=said.of,
        unit=said.unit,
        grant=(said.grant or 0) * scale,
        every=str(said.every or "once"),
        takes=dict(said.takes),
        spends=dict(said.spends),
        needs=tuple(said.needs),
        approve=tuple(
            sorted((Tier(one.over * scale, tuple(one.by)) for one in said.approve), key=lambda one: one.over)
        ),
        publish=said.publish or "",
        earns=tuple(
            Earning(line, one.of.partition(":")[2], one.each * scale, dict(one.where))
            for line, one in said.earns.items()
        ),
        refuse_reasons={name: one.title for name, one in edition.pack.reasons.items() if "refuse" in one.for_},
    )


def amount_said(text: str | int | Decimal, unit: str) -> int:
    """An amount as somebody wrote it, in whole smallest units; refused when it is not above zero or not exact.

    Yuan to the fen and hours to the hundredth; points are whole.
    """
    if unit == "points" and not (str(text).strip().isdecimal() and len(str(text).strip()) <= len(str(MOST))):
        raise Refused(
            "amount-unreadable",
            say="积分请写大于零的整数，例如 5，也不能大得离谱。",
            have=str(text)[:24],
            field="amount",
        )
    amount = yuan(str(text).strip().removesuffix("小时").removesuffix("分").strip())
    whole = int(amount * SCALE[unit])
    if not 0 < whole <= MOST:
        raise Refused("amount-unfit", say="数额要大于零，也不能大得离谱，请核对。", have=str(text)[:24], field="amount")
    return whole


def say_amount(amount: int, unit: str) -> str:
    """An amount for a reader: "3,000元", "12分", "1.50小时"."""
    if unit == "points":
        return f"{amount:,}分"
    sign, exact = "-" if amount < 0 else "", Decimal(abs(amount)) / SCALE[unit]
    said = say_yuan(exact)
    return f"{sign}{said}" if unit == "yuan" else f"{sign}{said.removesuffix('元')}小时"


def checked_line(terms: Terms, kind: str, line: str) -> str:
    """A line of income or spending that the purse lists."""
    lines = terms.takes if kind == "take" else terms.spends
    if line not in lines:
        what = KINDS[kind]
        titles = "、".join(lines.values()) or "没有"
        say = f"“{terms.title}”没有这个{what}项目，有：{titles}。"
        raise Refused("line-unknown", say=say, have=line[:40], need=list(lines), field="line")
    return line


def checked_proofs(terms: Terms, given: Mapping[str, str]) -> dict[str, str]:
    """What proves a booking: for each proof that the purse needs a number or a sentence; nothing else is kept."""
    said = {need: " ".join(given.get(need, "").split())[:MOST_WORDS] for need in (*terms.needs, "note")}
    if missing := [need for need in terms.needs if not said[need]]:
        titles = "、".join(NEEDS[need.partition(":")[0]] for need in missing)
        say = f"“{terms.title}”每一笔都要有凭证，还缺：{titles}。请写明编号或情况。"
        raise Refused("proof-missing", say=say, need=missing, field=missing[0])
    return {need: words for need, words in said.items() if words}


def approvers(terms: Terms, amount: int) -> tuple[str, ...]:
    """Who says yes to a spending of so much: the posts of the highest tier that it lies above; nobody where none is."""
    found: tuple[str, ...] = ()
    for tier in terms.approve:
        if amount > tier.over:
            found = tier.by
    return found


def check_may_reverse(terms: Terms, amount: int, viewer: Viewer) -> None:
    """Refuse to take back a spending that others say yes to, for whoever is none of them."""
    asked_of = approvers(terms, amount)
    if asked_of and viewer.kind != "system" and viewer.post_code not in asked_of:
        say = "这笔开支要审批，冲正也由审批的岗位来办。"
        raise Refused("reverse-not-yours", say=say, have=viewer.post_code, need=list(asked_of))


def check_enough(balance: int, amount: int, unit: str) -> None:
    """Refuse to spend what is not there."""
    if amount > balance:
        say = f"余额只有{say_amount(balance, unit)}，不够{say_amount(amount, unit)}。"
        raise Refused("balance-short", say=say, have=balance, need=amount, field="amount")


def check_may_answer(asked_of: Sequence[str], viewer: Viewer, *, asker: int | None) -> None:
    """Refuse whoever is not asked, and whoever asked it himself."""
    if viewer.kind != "system" and viewer.post_code not in asked_of:
        raise Refused("ask-not-yours", say="这笔开支不由您的岗位审批。", have=viewer.post_code, need=list(asked_of))
    if viewer.account_id is not None and viewer.account_id == asker:
        raise Refused("ask-own", say="自己提的开支不能自己批，请另一位审批人来批。")


def checked_refusal(terms: Terms, reason: str) -> str:
    """The code of the reason for a no; asked for where the edition lists any."""
    if terms.refuse_reasons and reason not in terms.refuse_reasons:
        say = f"不同意要选理由：{'、'.join(terms.refuse_reasons.values())}。"
        raise Refused("reason-unknown", say=say, have=reason[:40], need=list(terms.refuse_reasons), field="reason")
    return reason if terms.refuse_reasons else ""


def period_of(every: str, day: date) -> str:
    """The period that a day lies in, by which a grant is given once: "2026", "2026-H2", "2026-Q4", "2026-11" …"""
    half, quarter = (day.month + 5) // 6, (day.month + 2) // 3
    year, week, _weekday = day.isocalendar()
    return {
        "year": f"{day.year}",
        "half-year": f"{day.year}-H{half}",
        "quarter": f"{day.year}-Q{quarter}",
        "month": f"{day:%Y-%m}",
        "fortnight": f"{year}-F{(week + 1) // 2:02d}",
        "week": f"{year}-W{week:02d}",
        "day": f"{day}",
    }.get(every, "once")


class Moved(Protocol):
    """What the arithmetic needs of a booking."""

    source_id: int
    target_id: int
    amount: int


def balances(bookings: Iterable[Moved]) -> dict[int, int]:
    """What every purse holds after these bookings, from nothing."""
    held: dict[int, int] = {}
    for one in bookings:
        held[one.source_id] = held.get(one.source_id, 0) - one.amount
        held[one.target_id] = held.get(one.target_id, 0) + one.amount
    return held
