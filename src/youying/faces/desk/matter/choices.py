"""What a form of a step offers to choose from: units, categories, reasons, each in the order of likelihood."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from youying.editions.queries import directory_suggestion
from youying.faces.desk.matter.frames import Field, Frame
from youying.matters import queries
from youying.text.queries import categories, category_title


def takers(frame: Frame) -> list[queries.UnitChoice]:
    """The units that this matter may be given to: the same that the step itself lets through."""
    return queries.units_for(frame.matter, frame.given.get("category", ""))


def lead_options(units: list[queries.UnitChoice]) -> tuple[tuple[int, str], ...]:
    """Those that may see to the matter, and not only help."""
    return tuple((unit.id, unit.title) for unit in units if not unit.helps)


LIKELY = 50
"""From this share of sureness on, in percent, a guess stands in the field already; below it is only told."""


def likely_guess(matter: Any) -> str:
    """The category that the machine finds likely while nobody has decided; a person still sends it off."""
    return matter.category_guess if not matter.category and matter.category_share >= LIKELY else ""


def category_options() -> tuple[tuple[str, str], ...]:
    """The categories that a matter can be given, with their whole titles."""
    return tuple((one.code, category_title(one.code)) for one in categories() if one.level > 1)


def category_meant(frame: Frame) -> str:
    """The category that a dispatch would be made under: chosen, decided or likely."""
    return frame.given.get("category") or frame.matter.category or likely_guess(frame.matter)


def directory_says(frame: Frame) -> Any:
    """The directory's row for the category meant, or nothing."""
    category = category_meant(frame)
    return directory_suggestion(frame.matter.area_path, category) if category else None


def suggested_unit(frame: Frame, units: list[queries.UnitChoice]) -> tuple[list[queries.UnitChoice], int | None, str]:
    """The units in the order in which they are offered, the one to begin with, and why.

    That is the one which a unit that sent it back named, else the directory's own, else whoever saw most such matters
    through.
    """
    pk, hint = _likely_unit(frame, units)
    named = next((unit for unit in units if [unit.id] == frame.matter.units.get("right")), None)
    if named is None:
        return units, pk, hint
    said = _("退回的单位说该由%(unit)s办") % {"unit": named.title}
    rest = [unit for unit in units if unit != named]
    return [named, *rest], named.id, "；".join(part for part in (said, hint) if part)


def _likely_unit(frame: Frame, units: list[queries.UnitChoice]) -> tuple[int | None, str]:
    """The unit to begin the form with, and why: the directory's own, else whoever saw most such matters through."""
    said = directory_says(frame)
    if said is not None:
        named = next((unit.id for unit in units if said.unit in (unit.title, unit.code)), None)
        return named, _("派单目录：%(unit)s") % {"unit": "、".join((said.unit, *said.joint))}
    before = queries.precedents(frame.matter, category_meant(frame))
    if not before:
        return None, ""
    told = "、".join(_("%(unit)s%(n)s件") % {"unit": one.title, "n": one.ended} for one in before)
    known = {unit.id for unit in units if not unit.helps}
    most = before[0]
    clear = 2 * most.ended > sum(one.ended for one in before) and most.unit_id in known
    return (most.unit_id if clear else None), _("派单目录没有写；近一年同类：%(told)s，由您来定") % {"told": told}


def reasons(allowed: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Coded reasons as a form offers them, each with its clause."""
    return tuple((code, f"{one.title}{f'（{one.clause}）' if one.clause else ''}") for code, one in allowed.items())


def sent_back(frame: Frame) -> list[Field]:
    """Why, and whose it would be: the directory's unit first, unless it is the one that sends it back."""
    others = [unit for unit in takers(frame) if unit.id != frame.matter.lead_id]
    said = directory_says(frame)
    hint = _("派单目录：%(unit)s") % {"unit": said.unit} if said else ""
    options = lead_options(sorted(others, key=lambda unit: said is None or said.unit not in (unit.title, unit.code)))
    return [
        Field("right_unit", "select", _("该由哪个单位办"), needed=False, options=options, hint=hint),
        Field("note", "area", _("记几句"), needed=False),
    ]
