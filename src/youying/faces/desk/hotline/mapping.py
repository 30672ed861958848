"""The mapping form: which column means what, what unknown labels mean, how to read the rest."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import QueryDict

from youying.access import queries as access
from youying.channels.hotline import queries
from youying.channels.hotline.fields import CHOSEN, FIELDS
from youying.channels.hotline.meanings import POLICIES
from youying.editions.queries import edition_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.text.queries import categories, category_title

TITLES = {"category": "分类", "unit": "承办单位", "channel": "渠道", "urgency": "紧急程度", "satisfaction": "满意度"}
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Europe/London", "UTC")
MOST_FAULTS = 50
"""How many reasons the preview lists before it points to the table to mend."""
Options = list[tuple[str, str]]


def columns_said(given: QueryDict) -> dict[str, str]:
    """Field → header, as the form says it."""
    return {field.code: given.get(f"column-{field.code}", "") for field in FIELDS}


def labels_said(given: QueryDict, held: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Label → code for every list, as the form says it; what the form did not show stays."""
    said: dict[str, dict[str, str]] = {name: dict(held.get(name, {})) for name in CHOSEN}
    for name in CHOSEN:
        for label, value in zip(given.getlist(f"label-{name}"), given.getlist(f"means-{name}"), strict=False):
            said[name][label[:120]] = value[:40]
    return said


def settings_said(given: QueryDict) -> dict[str, str]:
    """How to read times, what to do with unknown categories, and the channel of rows that name none."""
    return {name: str(given[name])[:60] for name in ("zone", "categories", "channel") if given.get(name)}


def options(viewer: Viewer, area_path: str) -> dict[str, Options]:
    """What a label can mean here."""
    pack = edition_for(area_path).pack
    return {
        "category": [(one.code, category_title(one.code)) for one in categories() if one.level > 1],
        "unit": [(str(unit.pk), unit.title) for unit in access.units(viewer)],
        "channel": [(code, one.title) for code, one in pack.channel.items()],
        "urgency": list(pack.values.get("urgency", {}).items()),
        "satisfaction": list(pack.values.get("satisfaction", {}).items()),
    }


def page_of(viewer: Viewer, row: Any, errors: dict[str, str]) -> dict[str, Any]:
    """Everything that the mapping page shows; a preview only where the mapping suffices for one."""
    try:
        preview = queries.preview(viewer, row)
    except Refused as refused:
        errors = {f"column-{refused.field}" if refused.field else "": refused.say} | errors
        preview = None
    zones = [*ZONES] + [row.settings["zone"]] * (row.settings["zone"] not in ZONES)
    return {
        "row": row,
        "fields": FIELDS,
        "preview": preview,
        "most_faults": MOST_FAULTS,
        "errors": errors,
        "titles": TITLES,
        "options": options(viewer, row.area_path),
        "policies": [(code, said) for code, said in POLICIES.items() if code != "make" or viewer.may("texts")],
        "zones": [(name, name) for name in dict.fromkeys(zones) if name in available_timezones()],
        "category_title": category_title,
    }
