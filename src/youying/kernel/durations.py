"""Durations as packs write them: a number and one of six units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from youying.kernel.refusals import Refused

Unit = Literal["minutes", "hours", "days", "months", "working-days", "office-hours"]

# A century in each unit: longer is a typing error, and would leave the range of dates.
MOST: dict[Unit, int] = {
    "minutes": 52_560_000,
    "hours": 876_000,
    "days": 36_500,
    "months": 1_200,
    "working-days": 25_000,
    "office-hours": 200_000,
}
WORDS: dict[str, dict[Unit, str]] = {
    "zh": {
        "minutes": "分钟",
        "hours": "小时",
        "days": "天",
        "months": "个月",
        "working-days": "个工作日",
        "office-hours": "个工作小时",
    },
    "en": {
        "minutes": "minute",
        "hours": "hour",
        "days": "day",
        "months": "month",
        "working-days": "working day",
        "office-hours": "office hour",
    },
}
_WRITTEN = re.compile(r"([0-9]{1,9}) (minutes|hours|days|months|working-days|office-hours)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as a pack says it; what it comes to depends on the calendar and the start."""

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in MOST or not 1 <= self.n <= MOST[self.unit]:
            raise _unreadable(f"{self.n} {self.unit}")

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"

    @property
    def counts_days(self) -> bool:
        """Whether law counts it by whole days (Civil Code 201 para. 1) and not from the moment (para. 2)."""
        return self.unit in ("days", "months", "working-days")


def parse_duration(text: str) -> Duration:
    """Read "3 working-days"; refused when it is not a whole number from 1 and one of the six units."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise _unreadable(text)
    return Duration(int(match[1]), cast(Unit, match[2]))


def in_words(duration: Duration, lang: str = "zh") -> str:
    """Say it to a reader: "3个工作日", "3 working days"."""
    if lang == "en":
        plural = "" if duration.n == 1 else "s"
        return f"{duration.n} {WORDS['en'][duration.unit]}{plural}"
    return f"{duration.n}{WORDS['zh'][duration.unit]}"


def _unreadable(text: str) -> Refused:
    return Refused(
        "duration-unreadable",
        say=f"“{text}”不是期限。请写“数字 单位”，数字从1起，不超过一百年，"
        "单位是 minutes、hours、days、months、working-days 或 office-hours，例如“3 working-days”。",
        have=text,
        need=sorted(MOST),
    )
