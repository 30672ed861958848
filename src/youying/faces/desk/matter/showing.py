"""What the page of a matter shows, made ready: the flow of stages, the ruler of a deadline, the story, the photos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from youying.editions.queries import edition_by_digest
from youying.faces.desk.matter.buttons import LOOKS
from youying.faces.shared.house_words import told
from youying.faces.shared.rounds import round_of, round_said
from youying.faces.shared.words import in_english, moment
from youying.files.queries import FileView
from youying.kernel.clock_working import Segment
from youying.kernel.moments import WEEKDAYS, local, now
from youying.matters.queries import ClockView, ReporterView, StoryLine
from youying.matters.queries.telling import Particulars
from youying.packs.compiled import SIDE_VERBS

TONES = {
    "contact": "resident", "call-back": "resident", "verdict": "resident", "reopen": "resident", "add": "resident",
    "accept": "work", "step": "work", "complete": "work", "judge": "work", "recheck": "work",
    "whistle": "call", "report-in": "call", "refuse": "refusal", "hand-back": "refusal", "rework": "refusal",
}  # fmt: skip
PICTURES = {
    "open": "message-circle-plus", "approve": "thumb-up", "refuse": "thumb-down", "ask": "hourglass", "undo": "arrow-back-up",
    "ring": "clock", "merged-here": "git-merge", "pass-up": "stairs-up",
}  # fmt: skip
WITH_RESIDENT = frozenset({"open", "contact", "call-back", "verdict", "urge", "reopen", "add", "rework"})
MOST_DAYS = 24


def flow(matter: Any, lines: Iterable[StoryLine]) -> list[tuple[str, str]]:
    """The stages of the loop in order, each passed, present or still to come, with the moment it was reached."""
    loop = edition_by_digest(matter.edition_id).loops[matter.loop]
    reached = {line.facts.get("change", {}).get("stage", [None, None])[1]: line.at for line in lines}
    side = {code for code in loop.stages if _is_side(loop, code)}
    shown = [code for code in loop.stages if code not in side or code in reached or code == matter.stage]
    place = shown.index(matter.stage) if matter.stage in shown else 0
    made = []
    for index, code in enumerate(shown):
        passed = code in reached and index < place
        state = "now" if index == place else "did" if passed or (index < place and code not in side) else ""
        when = f" {moment(reached[code])}" if code in reached and state else ""
        made.append((state, f"{told(loop.stages[code])}{when}"))
    return made


def _is_side(loop: Any, code: str) -> bool:
    """A stage that only ways around lead to."""
    leading = [step for step in loop.acts.values() if step.to == code]
    return code != loop.start and code not in loop.ends and all(step.verb in SIDE_VERBS for step in leading)


def ruler(clock: ClockView, zone: Any) -> list[dict[str, Any]]:
    """The days of a deadline to scale: what ran, what was held, where we are and where it ends."""
    days = [(day, list(pieces)) for day, pieces in groupby(clock.segments, key=lambda piece: piece.day)]
    if len(days) > MOST_DAYS:
        return []
    longest = max((_seconds(pieces) for _day, pieces in days), default=1) or 1
    made = [_day(day, pieces, clock, zone, longest) for day, pieces in days]
    return _join_days_off(made)


def _day(day: date, pieces: list[Segment], clock: ClockView, zone: Any, longest: int) -> dict[str, Any]:
    whole, at, runs, holds = _seconds(pieces) or 1, 0, [], []
    off = not any(piece.counted for piece in pieces) and pieces[0].start.astimezone(zone).time() == datetime.min.time()
    marks: dict[str, float | None] = {"now": None, "due": None}
    for piece in pieces:
        start, end = 100 * at / whole, 100 * (at + _length(piece)) / whole
        if piece.counted:
            runs.append((round(start, 1), round(min(end, _until(piece, start, end)), 1)))
        elif piece.why.startswith("暂停"):
            holds.append((round(start, 1), round(end, 1)))
        _mark(marks, "now", now() if clock.running else None, piece, start, end)
        _mark(marks, "due", clock.due_at, piece, start, end)
        at += _length(piece)
    runs = _joined(run for run in runs if run[1] > run[0])
    weight = max(1, min(8, round(8 * whole / longest)))
    title = pieces[0].why if off else f"{_weekday(day)} {day.day}{'' if in_english() else '日'}"
    note = (_("▲ 现在") if marks["now"] is not None else _("不计")) if off else _note(day, pieces, clock, zone, marks)
    return {"title": title, "note": note, "off": off, "weight": weight, "runs": runs, "holds": holds, **marks}


def _joined(runs: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that touch become one, so that no seam shows between morning and afternoon."""
    made: list[tuple[float, float]] = []
    for start, end in runs:
        if made and start - made[-1][1] < 0.2:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _until(piece: Segment, start: float, end: float) -> float:
    """How much of a stretch has run by now."""
    moment_now = now()
    if moment_now >= piece.end:
        return end
    if moment_now <= piece.start:
        return start
    return start + (end - start) * ((moment_now - piece.start) / (piece.end - piece.start))


def _mark(
    marks: dict[str, float | None], name: str, when: datetime | None, piece: Segment, start: float, end: float
) -> None:
    if when is not None and piece.start <= when <= piece.end:
        marks[name] = round(start + (end - start) * ((when - piece.start) / (piece.end - piece.start)), 1)


def _note(day: date, pieces: list[Segment], clock: ClockView, zone: Any, marks: dict[str, float | None]) -> str:
    """The most telling remark of a day: its end, where we are, where it began, why it stood still."""
    held = next((piece.why for piece in pieces if not piece.counted and piece.why), "")
    if marks["due"] is not None and clock.due_at:
        return _("%(time)s 到期") % {"time": f"{local(clock.due_at, zone):%H:%M}"}
    if marks["now"] is not None:
        share = int(100 * clock.used)
        return _("▲ 现在 %(time)s，已用 %(share)s%%") % {"time": f"{local(now(), zone):%H:%M}", "share": share}
    if local(clock.started_at, zone).date() == day:
        return _("%(time)s 起算") % {"time": f"{local(clock.started_at, zone):%H:%M}"}
    return held


def _join_days_off(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days off of one kind next to each other become one."""
    made: list[dict[str, Any]] = []
    for day in days:
        if day["off"] and made and made[-1]["off"] and day["title"] == made[-1]["title"]:
            made[-1] = made[-1] if day["now"] is None else day
        else:
            made.append(day)
    return made


def _weekday(day: date) -> str:
    return f"{day:%a}" if in_english() else f"周{WEEKDAYS[day.weekday()]}"


def _length(piece: Segment) -> int:
    return (piece.end - piece.start) // timedelta(seconds=1)


def _seconds(pieces: Iterable[Segment]) -> int:
    return sum(_length(piece) for piece in pieces)


def heard(clock: ClockView) -> str:
    """The ruler for those who hear it."""
    return _("“%(title)s”的时间尺：%(say)s") % {"title": told(clock.title), "say": clock.say}


def story(lines: list[StoryLine], which: str, *, more: Mapping[int, Particulars] | None = None) -> list[dict[str, Any]]:
    """The entries as the page shows them, newest first: all, dealings with the resident, or those with photos."""
    beside = more or {}
    kept = {
        "resident": lambda line: line.verb in WITH_RESIDENT or line.actor_kind == "reporter",
        "photos": lambda line: bool(line.facts.get("files")),
    }.get(which, lambda line: True)
    return [_entry(line, beside.get(line.id, Particulars())) for line in reversed(lines) if kept(line)]


def _entry(line: StoryLine, beside: Particulars) -> dict[str, Any]:
    photos = len(line.facts.get("files") or ())
    picture = LOOKS.get(line.verb, ("", ""))[0] or PICTURES.get(line.verb) or PICTURES.get(line.act) or "note"
    tone = "resident" if line.actor_kind == "reporter" else TONES.get(line.verb, "")
    said = _("%(n)s 个文件") if line.act.startswith("sheets.") else _("%(n)s 张照片")
    more = said % {"n": photos} if photos else ""
    agreed = _("批准时说：%(said)s") % {"said": line.agreed} if line.agreed else ""
    return {
        "at": line.at, "picture": picture, "tone": tone, "strong": told(line.title), "by": "·".join(part for part in (line.who, beside.name) if part),
        "words": "；".join(part for part in (beside.said, line.words, agreed) if part),
        "more": more,
    }  # fmt: skip


ROLES = ("before", "reporter", "evidence", "after")
PAPERS = ("sheet", "signature")
"""What hangs on a matter as papers is shown with its sheet, where it may be masked, and never among the photos."""


def photos(files: Iterable[FileView], completed: Sequence[datetime] = ()) -> list[dict[str, str]]:
    """The pictures of a matter, before first, then after; of one completed again, round by round."""
    pictures = [one for one in files if one.kind == "image" and one.role not in PAPERS]

    def place(one: FileView) -> tuple[int, int]:
        role = ROLES.index(one.role) if one.role in ROLES else len(ROLES)
        return (0 if one.role == "reporter" else round_of(one.uploaded_at, completed)) if completed else 0, role

    return [_photo(one, round_said(one.role, one.uploaded_at, completed)) for one in sorted(pictures, key=place)]


def _photo(one: FileView, of_round: str) -> dict[str, str]:
    href, when = reverse("desk:file", args=[one.token]), moment(one.taken_at or one.uploaded_at)
    title = "·".join(part for part in (of_round, _said_role(one.role)) if part)
    return {
        "token": one.token,
        "href": href,
        "thumb": f"{href}?small=1",
        "alt": f"{title} {when}",
        "title": title,
        "words": when,
    }


def _said_role(role: str) -> str:
    return {"before": _("办理前"), "reporter": _("居民拍的"), "after": _("办理后")}.get(role, _("现场"))


def reporter(one: ReporterView) -> dict[str, Any]:
    """A reporter in masked words: who it is, and whether the identity is protected."""
    said = "·".join(part for part in (one.name, one.phone) if part)
    named = said or _("没有留姓名")
    return {"id": one.id, "said": f"{named}（{one.answer}）" if one.answer else named, "protected": one.protected}
