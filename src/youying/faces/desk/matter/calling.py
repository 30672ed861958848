"""The fields of a whistle and of what answers it: whom to call, what kind it is, who came, who need not come."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from youying.faces.desk.matter.frames import Field, Frame
from youying.faces.shared.house_words import told, told_each
from youying.kernel.durations import in_words, parse_duration
from youying.matters import queries
from youying.matters.whistle_rules import ARRIVALS, awaited, given_up_by


def is_whistle(frame: Frame) -> bool:
    """Whether the step calls units and gives the matter to nobody."""
    return frame.step is not None and "summoned" in frame.step.assigns and "lead" not in frame.step.assigns


def summoned(frame: Frame) -> list[Field]:
    """Whom to whistle for, by kind of unit; those that have the matter or are awaited already are left out."""
    matter, kinds = frame.matter, frame.edition.pack.units
    busy = {matter.lead_id, *awaited(matter.units)}
    only = {kinds[code].title for code in frame.step.units if code in kinds} if frame.step else set()
    groups: dict[str, list[tuple[int, str]]] = {}
    for one in queries.units_for(matter):
        if one.id not in busy and (not only or one.kind in only):
            groups.setdefault(one.kind or _("其他单位"), []).append((one.id, one.title))
    options = tuple((kind, tuple(units)) for kind, units in groups.items())
    return [*_whistle_class(frame), Field("summoned", "grouped", _("吹哨叫谁来"), options=options)]


def _whistle_class(frame: Frame) -> list[Field]:
    """What kind of whistle it is, each with the time to report in that it gives."""
    wanted = frame.step.where.get("class") if frame.step else None
    if not wanted:
        return []
    known = frame.edition.pack.values.get("class", {})
    codes = wanted if isinstance(wanted, list | tuple) else [wanted]
    options = tuple((code, _class_said(frame, code, known)) for code in codes)
    return [Field("grade", "radios", _("什么哨"), options=options)]


def _class_said(frame: Frame, code: str, known: Any) -> str:
    within = queries.report_in_period(frame.matter, code)
    title = known.get(code, code)
    if not within:
        return str(title)
    words = in_words(parse_duration(within), lang=get_language() or "zh")
    return _("%(kind)s（%(within)s内报到）") % {"kind": title, "within": words}


def person(frame: Frame) -> list[Field]:
    """Who came; reporting in also says whether somebody stands there or it is answered in writing."""
    if frame.possible.verb != "report-in":
        return [Field("person", "text", _("谁到场了"))]
    return [
        Field("arrival", "radios", _("怎么报到？"), options=_arrivals(), value="came"),
        Field("person", "text", _("谁来了"), hint=_("书面答复的，写谁答复的")),
    ]


def _arrivals() -> tuple[tuple[str, str], ...]:
    return tuple((code, told(said)) for code, said in ARRIVALS.items())


def report_in(frame: Frame) -> list[Field]:
    """Where and with what picture; whose unit it is too, where the pack lets this post note it for others."""
    fields = [
        Field("uploads", "photos", _("现场照片"), needed=False),
        Field("place", "text", _("在哪儿碰头"), needed=False),
    ]
    if frame.viewer.unit_id in awaited(frame.matter.units):
        return fields
    return [Field("reporting_unit", "select", _("哪个单位报到"), options=_awaited_units(frame)), *fields]


def _awaited_units(frame: Frame) -> tuple[tuple[int, str], ...]:
    return tuple((one.unit_id, one.unit) for one in queries.summonses(frame.matter) if one.lamp.colour != "done")


def given_up(frame: Frame) -> list[Field]:
    """Why nobody waits any longer for the units that have not come, with their names; nothing where all have."""
    gone = given_up_by(frame.loop, frame.step, frame.matter.units) if frame.step else frozenset()
    if not gone:
        return []
    named = "、".join(one.unit for one in reversed(queries.summonses(frame.matter)) if one.unit_id in gone)
    hint = _("%(units)s还没有报到，转走以后就不再等了") % {"units": told_each(named)}
    return [Field("note", "area", _("为什么不再等"), hint=hint)]


def call_off(frame: Frame) -> list[Field]:
    """Whose coming is no longer needed, and why."""
    options = _awaited_units(frame)
    return [
        Field("units", "many", _("收哪个单位的哨"), needed=False, options=options, hint=_("不选就是全部")),
        Field("note", "area", _("为什么收哨")),
    ]
