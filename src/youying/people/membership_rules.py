"""Who lives where from when to when, and how old somebody is; pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from youying.kernel.refusals import Refused

ROLES: dict[str, str] = {
    "head": "户主", "spouse": "配偶", "child": "子女", "parent": "父母", "tenant": "租客", "other": "其他",
}  # fmt: skip
"""Who somebody is in a household."""

BEGINNINGS: dict[str, str] = {"moved-in": "迁入", "born": "出生", "taken-down": "登记时已住在这里"}
"""How somebody came into a household."""

ENDINGS: dict[str, str] = {"moved-out": "迁出", "died": "去世"}
"""How somebody left a household."""

OLDEST_YEARS = 130


@dataclass(frozen=True, slots=True)
class Stay:
    """One membership of a household: from its first day to the day that is no longer one; open without `until`."""

    household_id: int
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether somebody lives there on that day; on the day of a move they live where they move to."""
        return self.since <= day and (self.until is None or day < self.until)

    def meets(self, other: Stay) -> bool:
        """Whether some day belongs to both."""
        first, second = sorted((self, other), key=lambda one: one.since)
        if second.until is not None and second.until <= second.since:
            return False
        return first.until is None or second.since < first.until


def check_apart(stays: Iterable[Stay], new: Stay) -> None:
    """Refuse a stay on days on which somebody lives in a household already."""
    for one in stays:
        if one.meets(new):
            say = f"这个人{one.since:%Y-%m-%d}起已经登记住在{'这一户' if one.household_id == new.household_id else '别的户'}，请先办迁出。"
            raise Refused("lives-there-already", say=say, have=str(one.since), need=str(new.since), field="since")


def check_ends(stay: Stay, day: date) -> None:
    """Refuse an end before the beginning."""
    if day < stay.since:
        say = f"迁出的日子不能早于迁入的{stay.since:%Y-%m-%d}。"
        raise Refused("ends-before-it-began", say=say, have=str(day), need=str(stay.since), field="on")


def checked_role(role: str) -> str:
    """A known role."""
    if role not in ROLES:
        raise Refused("role-unknown", say=f"请选和户主的关系：{'、'.join(ROLES.values())}。", have=role[:20], need=list(ROLES), field="role")  # fmt: skip
    return role


def checked_day(day: date | None, *, today: date, field: str) -> date:
    """A day that has come: today where none is said."""
    if day is not None and day > today:
        raise Refused("day-ahead", say="日期不能晚于今天。", have=str(day), need=str(today), field=field)
    return day or today


def checked_birth(day: date, *, today: date) -> date:
    """A birth day that somebody alive can have."""
    checked_day(day, today=today, field="born_on")
    if age_on(day, today) > OLDEST_YEARS:
        raise Refused("birth-too-early", say="出生日期太早，请核对年份。", need=OLDEST_YEARS, field="born_on")
    return day


def age_on(born: date, day: date) -> int:
    """Full years on a day; who was born on 29 February comes of age on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def taken_over(older: Iterable[Stay], other: Iterable[Stay]) -> list[tuple[Stay, Stay | None]]:
    """What becomes of each stay of a double file: it is moved (None), or widens the stay of the older file that it meets.

    Refused where the two files live in two households on one day: then somebody must say first which is true.
    """
    standing = list(older)
    plan: list[tuple[Stay, Stay | None]] = []
    for one in other:
        met = [stay for stay in standing if stay.meets(one)]
        if len(met) > 1 or any(stay.household_id != one.household_id for stay in met):
            say = "两份资料在同一天住在不同的户，请先把其中一份的迁入迁出改对，再合并。"
            raise Refused("lives-in-two-homes", say=say, have=str(one.since))
        plan.append((one, met[0] if met else None))
        if not met:
            standing.append(one)
    return plan


def widened(stay: Stay, by: Stay) -> Stay:
    """A stay of one household that covers both."""
    open_ended = stay.until is None or by.until is None
    until = None if open_ended else max(one for one in (stay.until, by.until) if one)
    return Stay(stay.household_id, min(stay.since, by.since), until)
