"""When an agreement is in force, is about to end or has lapsed, and what signing and renewing ask for."""

from __future__ import annotations

from datetime import date, timedelta

from youying.kernel.refusals import Refused

LONGEST = timedelta(days=10 * 366)
REMIND_MOST = 365
STATES = {"ahead": "未到生效日", "running": "履约中", "ending": "快到期", "lapsed": "已到期", "ended": "已解除"}
"""Where an agreement stands, in words."""


def state(*, since: date, until: date, ended_on: date | None, remind_days: int, today: date) -> str:
    """Where an agreement stands on a day; the last day still counts."""
    if ended_on is not None:
        return "lapsed" if ended_on > until else "ended"
    if today > until:
        return "lapsed"
    if today < since:
        return "ahead"
    return "ending" if today >= until - timedelta(days=remind_days) else "running"


def refuse_dates(*, signed_on: date, since: date, until: date, today: date) -> None:
    """Refuse an agreement signed in the future, that starts before it was signed, or ends before it starts."""
    if signed_on > today:
        raise Refused("signed-ahead", say="签订日期不能晚于今天。", have=signed_on.isoformat(), field="signed_on")
    if since < signed_on:
        raise Refused("starts-early", say="生效日不能早于签订日。", have=since.isoformat(), field="since")
    refuse_until(until, since=since, today=today)


def refuse_until(until: date, *, since: date, today: date) -> None:
    """Refuse an end that has passed, lies before the start, or ten years ahead."""
    if until < since or until < today:
        raise Refused("ends-early", say="到期日要在生效日和今天之后。", have=until.isoformat(), field="until")
    if until > max(since, today) + LONGEST:
        raise Refused("ends-late", say="到期日最晚写十年以内，请核对年份。", have=until.isoformat(), field="until")


def refuse_renewal(until: date, *, was: date, today: date) -> None:
    """Refuse a renewal that does not reach further than what is signed."""
    if until <= was:
        say = f"续签的到期日要晚于现在的到期日（{was:%Y-%m-%d}）。"
        raise Refused("renews-nothing", say=say, have=until.isoformat(), need=was.isoformat(), field="until")
    refuse_until(until, since=was, today=today)


def signed_already(agreement_id: int, until: date) -> Refused:
    """What whoever signs with a unit is told where one agreement runs."""
    say = f"已经签到{until:%Y-%m-%d}，不用再签；要延长，请用“续签”。"
    return Refused("signed-already", say=say, have=agreement_id, field="until")


def checked_days(days: int) -> int:
    """How many days before the end the keeper is reminded."""
    if not 0 <= days <= REMIND_MOST:
        raise Refused("remind-days", say=f"提前几天提醒，请写0到{REMIND_MOST}。", have=days, field="remind_days")
    return days


def checked_end(reason: str, allowed: dict[str, str]) -> str:
    """The coded reason for ending an agreement early."""
    if reason not in allowed:
        say = f"请选解除的理由：{'、'.join(allowed.values()) or '机制包没有写，请先补上'}。"
        raise Refused("reason-unknown", say=say, have=reason[:40], need=list(allowed), field="reason")
    return reason
