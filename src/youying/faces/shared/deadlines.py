"""A deadline laid out for whoever wants to check it: its rule, what happened to it, its days; in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from youying.faces.shared.house_words import told
from youying.faces.shared.words import dated, in_english, span
from youying.kernel.clock_days import DayRow
from youying.kernel.clock_working import given_from_data
from youying.kernel.durations import in_words, parse_duration
from youying.kernel.masking import mask_text
from youying.kernel.moments import WEEKDAYS, local
from youying.matters.queries import Happening, WorkedOut

TONES = {"counted": "did", "ran": "did", "agreed": "did", "paused": "held", "start": "", "off": "", "rolled": "moved"}
PICTURES = {
    "start": "player-play", "pause": "player-pause", "resume": "player-play", "ask": "hourglass", "approved": "thumb-up",
    "refused": "thumb-down", "lapsed": "x", "recount": "adjustments-horizontal", "take-over": "git-merge",
    "give": "adjustments-horizontal", "overdue": "alert-triangle", "long-pause": "bell", "stop": "flag", "end": "flag",
}  # fmt: skip
LOOKS = {
    "pause": "call",
    "refused": "refusal",
    "overdue": "refusal",
    "stop": "resident",
    "start": "work",
    "resume": "work",
}
MOST_ON_SHEET = 120
NAMES = (
    gettext_lazy("元旦"), gettext_lazy("春节"), gettext_lazy("清明节"), gettext_lazy("劳动节"), gettext_lazy("端午节"),
    gettext_lazy("国庆节"), gettext_lazy("中秋节"), gettext_lazy("紧急程度"), gettext_lazy("类别"), gettext_lazy("办理路径"),
    gettext_lazy("事项种类"), gettext_lazy("风险等级"), gettext_lazy("渠道"), gettext_lazy("层级"),
)  # fmt: skip
"""Holidays and facts by which a period may be chosen, listed for the catalogue of translations."""
HIDDEN = frozenset({"restore", "extend"})
"""An extension is told by the answer that granted it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One happening in words: when, what, by whom, why; `more` says what became of the deadline."""

    at: datetime
    picture: str
    tone: str
    strong: str
    words: str
    by: str
    more: str


@dataclass(frozen=True, slots=True)
class DaySaid:
    """One line of the table to compute it oneself."""

    day: date
    said: str
    weekday: str
    counts: bool
    tone: str
    why: str
    nth: str
    ends: bool


def laid_out(found: WorkedOut, where: tzinfo, *, plain: bool) -> dict[str, Any]:
    """Everything that the page of one deadline shows; `plain` leaves out what staff write to each other."""
    clock = found.clock
    days = _so_far(found, where)
    return {
        "title": told(clock.title),
        "clock": clock,
        "stopped_at": found.stopped_at,
        "facts": facts_of(found, where),
        "happenings": [_told(one, plain=plain) for one in found.happenings if one.what not in HIDDEN],
        "days": [_day(row, where, clock.due_at) for row in days],
        "weeks": weeks(days),
        "counted": _counted(days),
        "laws": laws(found),
    }


def _so_far(found: WorkedOut, where: tzinfo) -> tuple[DayRow, ...]:
    """The days of a deadline; of one that stands still only those until it stopped, none of them its end."""
    since = found.clock.held_since
    if since is None:
        return found.days
    last = local(since, where).date()
    return tuple(replace(row, ends=False) for row in found.days if row.day <= last)


def facts_of(found: WorkedOut, where: tzinfo) -> list[tuple[str, str]]:
    """The rule in a few lines: from when, how long, why that long, how it is counted, and who says so."""
    rule, clock = found.rule, found.clock
    began = found.happenings[0].title if found.happenings else ""
    said = [
        (_("从什么时候起"), _("%(when)s，“%(act)s”的时候") % {"when": dated(clock.started_at), "act": told(began)}),
        (_("多长时间"), _long(found, where)),
        (_("为什么是这么长"), _because(found)),
        (_("怎么数"), _how(found)),
        (_("上班时间"), "、".join(f"{start}—{end}" for start, end in rule.hours) or _("不分上下班，到24:00")),
        (_("写在哪里"), _("机制包“%(pack)s”") % {"pack": told(rule.pack)} if rule.pack else ""),
        (_("依据的文件"), "；".join(rule.sources)),
    ]
    if rule.unannounced:
        years = "、".join(str(year) for year in rule.unannounced)
        said.append(
            (
                _("要留意"),
                _("%(years)s年的放假安排还没有公布，只算了法律写定的节日，公布以后可能后移。") % {"years": years},
            )
        )
    return [(label, words) for label, words in said if words]


def _long(found: WorkedOut, where: tzinfo) -> str:
    rule = found.rule
    if rule.within:
        return in_words(parse_duration(rule.within), _lang())
    if rule.given:
        given = given_from_data(rule.given)
        words = dated(given) if isinstance(given, datetime) else _date(given)
        return _("约定好的日子：%(when)s") % {"when": words}
    return ""


def _because(found: WorkedOut) -> str:
    rule = found.rule
    merged = next((one.number for one in found.happenings if one.what == "take-over"), "")
    if merged:
        return _("并进来的%(number)s到期更早，按早的那个算") % {"number": merged}
    if rule.own:
        return _("派单目录、派单员或服务菜单为这一件定的")
    if rule.fact and rule.value:
        return _("%(fact)s是“%(value)s”") % {"fact": told(rule.fact), "value": told(rule.value)}
    return ""


def _how(found: WorkedOut) -> str:
    within = found.rule.within
    if not within:
        return _("约定的日子不往后挪")
    if found.rule.counting == "elapsed":
        return _("只算实际用掉的时间，暂停的不算")
    period = parse_duration(within)
    if period.unit == "working-days":
        return _("当天不算，从第二天起一个工作日数一天，数到最后一天下班为止")
    if period.counts_days:
        return _("当天不算，从第二天起一天数一天；最后一天不上班的，顺延到下一个工作日")
    if period.unit == "office-hours":
        return _("从那一刻起，只算上班时间")
    return _("从那一刻起，夜里和放假也算")


def laws(found: WorkedOut) -> list[tuple[str, str]]:
    """The clauses by which it is counted, each in plain words."""
    days = bool(found.rule.within) and parse_duration(found.rule.within).counts_days
    clauses = [(_("《民法典》第201条"), _("按日、月计算的，开始的当天不算；按小时计算的，从那一刻起算。"))]
    if found.rule.within.endswith("months"):
        clauses.append((_("《民法典》第202条"), _("按月计算的，到期月的对应日是最后一天；没有对应日的，是月末那天。")))
    if days:
        clauses.append(
            (_("《民法典》第203条"), _("最后一天是法定休假日的，休假结束的次日是最后一天；到停止业务活动的时间为止。"))
        )
    return [*clauses, (_("《民法典》第1259条"), _("“以内”包括本数：在最后那一刻办好，也算按时。"))]


# ------------------------------------------------------------------ what happened
def _told(one: Happening, *, plain: bool) -> Told:
    words = "" if plain and one.what != "start" else mask_text(one.words)
    maker = SAID.get(one.what)
    return Told(
        at=one.at,
        picture=PICTURES.get(one.what, "clock"),
        tone=LOOKS.get(one.what, ""),
        strong=maker(one) if maker else told(one.title),
        words="" if one.what == "start" else words,
        by="" if plain else told(one.who),
        more="；".join(part for part in (_why(one), _moved(one), _photos(one)) if part),
    )


def _why(one: Happening) -> str:
    if not one.reason or one.what not in ("pause", "ask"):
        return ""
    return _("理由：%(reason)s") % {"reason": told(one.reason)}


def _moved(one: Happening) -> str:
    if one.was and one.due_at:
        return _("原来%(was)s到期，现在%(due)s到期") % {"was": dated(one.was), "due": dated(one.due_at)}
    if one.what == "pause" and one.until:
        return _("打算%(when)s恢复") % {"when": dated(one.until)}
    if one.what == "ask" and one.due_at:
        return _("申请改到%(due)s到期") % {"due": dated(one.due_at)}
    if one.what in ("start", "resume", "approved") and one.due_at:
        return _("%(due)s到期") % {"due": dated(one.due_at)}
    return ""


def _photos(one: Happening) -> str:
    return _("%(n)s 张照片") % {"n": one.photos} if one.photos and one.what == "pause" else ""


def _more_time(one: Happening) -> str:
    return in_words(parse_duration(one.by), _lang()) if one.by else ""


SAID: dict[str, Callable[[Happening], str]] = {
    "start": lambda one: _("开始计时：%(act)s") % {"act": told(one.title)},
    "pause": lambda one: _("暂停计时"),
    "resume": lambda one: _("恢复计时"),
    "ask": lambda one: _("申请延期%(time)s") % {"time": _more_time(one)},
    "approved": lambda one: _("同意延期%(time)s") % {"time": _more_time(one)},
    "refused": lambda one: _("不同意延期，期限不变"),
    "lapsed": lambda one: _("延期申请没等答复，作废"),
    "recount": lambda one: _("%(act)s：从开始那天重新算") % {"act": told(one.title)},
    "take-over": lambda one: _("并入%(number)s：两个期限按早的算") % {"number": one.number},
    "give": lambda one: _("原系统改了期限"),
    "overdue": lambda one: _("到期，没有办完"),
    "long-pause": lambda one: _("暂停太久，提醒过问"),
    "stop": lambda one: _("停止计时：%(act)s") % {"act": told(one.title)},
}
"""What happened → how it is said to whoever reads the page."""


# ------------------------------------------------------------------ the table
def _counted(days: tuple[DayRow, ...]) -> str:
    """The sum under the table."""
    nth = [row.nth for row in days if row.nth]
    if not nth:
        used = sum(row.seconds or 0 for row in days)
        return _("一共用掉%(span)s") % {"span": span(used)} if used else ""
    n = sum(row.mark == "counted" for row in days)
    return ngettext("一共数了%(n)s天", "一共数了%(n)s天", n) % {"n": n}


@dataclass(frozen=True, slots=True)
class Cell:
    """One day on the calendar sheet: its number, a word or two, and how it looks."""

    day: date
    number: str
    words: str
    tone: str


def weeks(rows: tuple[DayRow, ...]) -> list[list[Cell | None]]:
    """The days as a sheet of a wall calendar, Monday first; empty where it would be longer than anybody looks at."""
    by_day = {row.day: row for row in rows}
    if not by_day or (max(by_day) - min(by_day)).days > MOST_ON_SHEET:
        return []
    monday = min(by_day) - timedelta(days=min(by_day).weekday())
    sheet, last = [], max(by_day)
    while monday <= last:
        days = [monday + timedelta(days=n) for n in range(7)]
        sheet.append([_cell(by_day[day], first=day == min(by_day)) if day in by_day else None for day in days])
        monday += timedelta(days=7)
    return sheet


def _cell(row: DayRow, *, first: bool) -> Cell:
    number = f"{row.day.month}/{row.day.day}" if first or row.day.day == 1 else str(row.day.day)
    tone = "due" if row.ends else {"counted": "did", "ran": "did", "agreed": "did", "paused": "held"}.get(row.mark, "")
    return Cell(row.day, number, _cell_words(row), tone)


def _cell_words(row: DayRow) -> str:
    if row.ends:
        return _("到期")
    if row.mark == "counted":
        return _("第%(n)s天") % {"n": row.nth}
    if row.mark == "off":
        return _("放假") if row.kind == "holiday" else _("周末")
    short = {"start": _("开始"), "paused": _("暂停"), "rolled": _("顺延"), "ran": span(row.seconds or 0, short=True)}
    return short.get(row.mark, "")


def _day(row: DayRow, where: tzinfo, due_at: datetime | None) -> DaySaid:
    counts = row.mark in ("counted", "ran", "agreed")
    nth = f"{row.nth} / {row.of}" if row.nth else span(row.seconds) if row.seconds else ""
    why = WHY[row.mark](row)
    if row.ends and due_at:
        why = "，".join(part for part in (why, _("%(time)s到期") % {"time": _hour(due_at, where)}) if part)
    weekday = f"{row.day:%a}" if in_english() else f"周{WEEKDAYS[row.day.weekday()]}"
    return DaySaid(row.day, _date(row.day), weekday, counts, TONES[row.mark], why, nth, row.ends)


def _hour(due_at: datetime, where: tzinfo) -> str:
    there = local(due_at, where)
    return "24:00" if (there - timedelta(seconds=1)).date() != there.date() else f"{there:%H:%M}"


def _off(row: DayRow) -> str:
    if row.kind == "holiday":
        return _("放假：%(name)s") % {"name": told(row.name)} if row.name else _("放假")
    return _("周末") if row.kind == "weekend" else ""


def _worked(row: DayRow) -> str:
    return _("调休上班") if row.kind == "worked" else ""


WHY: dict[str, Callable[[DayRow], str]] = {
    "start": lambda row: _("开始的当天，不算"),
    "counted": lambda row: _worked(row) or (_("第%(n)s次延期") % {"n": row.stage} if row.stage else ""),
    "off": lambda row: _off(row),
    "paused": lambda row: _("暂停一整天，不算"),
    "rolled": lambda row: _("顺延") + (f"（{_off(row)}）" if _off(row) else ""),
    "ran": lambda row: _worked(row),
    "agreed": lambda row: "",
}
"""Mark of a day → why it counts or does not."""


def _date(day: date) -> str:
    return format_date(day, "d MMM yyyy", locale="en") if in_english() else f"{day.year}年{day.month}月{day.day}日"


def _lang() -> str:
    return "en" if in_english() else (get_language() or "zh")[:2]
