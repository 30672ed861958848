"""A matter's columns as the facts that packs and rules speak of."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from youying.matters.models import Matter
from youying.matters.rules import Situation
from youying.places.placing import Place

PRIVATE = ("title", "words", "place_words", "place_why")
"""Free text: its changes are kept sealed."""
TRACKED = tuple(
    f.attname
    for f in Matter._meta.concrete_fields
    if f.attname not in ("id", "number", "version", "last_step", *PRIVATE)
)
"""Columns whose change an entry keeps; replaying them from the record gives the row."""

PLACE = (
    *("area_path", "place_path", "compound_id", "building_id", "entrance", "home_id", "grid_id"),
    *("longitude", "latitude"),
)
"""Columns that say where a matter is, under the same names as on a `Place`."""

_NAMES = (*TRACKED, *PRIVATE)
_READ = attrgetter(*_NAMES)


def facts_of(matter: Matter) -> dict[str, Any]:
    """The matter's columns with the derived facts that packs speak of."""
    facts = dict(zip(_NAMES, _READ(matter), strict=True))
    facts |= {
        "class": matter.grade,
        "unit": matter.lead_id,
        "area": matter.area_path,
        "merged": matter.merged_away,
        "completed": matter.completed,
        "ended": matter.ended_at is not None,
        "open_now": matter.ended_at is None,
        "verdict": matter.solved is not None,
        "reporters": matter.reporter_count,
        "whistled": matter.whistles > 0,
        "rechecked_by_other": matter.rechecked is True,
    }
    return facts


def situation_of(matter: Matter, *, held: frozenset[str] | None = None) -> Situation:
    """What the rules must know of the matter; `held` are its clocks that stand still, where somebody looked."""
    units = matter.units
    return Situation(
        id=matter.pk,
        number=matter.number,
        stage=matter.stage,
        facts=facts_of(matter),
        area_path=matter.area_path,
        place_path=matter.place_path,
        grid_path=matter.grid_path,
        lead_id=matter.lead_id,
        joint=frozenset(units.get("joint", ())),
        summoned=frozenset(units.get("summoned", ())),
        hosts=frozenset(units.get("host", ())),
        host_posts=frozenset(units.get("host_posts", ())),
        keeper_posts=frozenset(units.get("keeper_posts", ())),
        signed=frozenset(units.get("signed", ())),
        reported=frozenset(units.get("reported", ())),
        doers=matter.doers,
        ended=matter.ended_at is not None,
        held=held,
    )


def place_in(matter: Matter) -> Place:
    """Where the matter is, as its own columns say it: also where the register has closed the building since."""
    said = {name: getattr(matter, name) for name in PLACE}
    return Place(**said, words=matter.place_words, grid_path=matter.grid_path)
