"""What staff read beside an entry of a matter's story: to whom it went, what the resident said, who did it by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from youying.access.models import Unit
from youying.access.queries import names_of
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.models import Matter, Verdict
from youying.matters.queries.page import StoryLine
from youying.record import queries as record


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is added to one entry; empty where there is nothing to add."""

    said: str = ""
    name: str = ""


def particulars(viewer: Viewer, matter: Matter, lines: Iterable[StoryLine]) -> dict[int, Particulars]:
    """The particulars of each entry by its key; colleagues are named only to staff whose area the matter lies in."""
    held = list(lines)
    names = _names(matter) if viewer.kind == "post" and rules.covers(viewer, situation_of(matter)) else {}
    units, verdicts = _units(held), _verdicts(matter)
    return {
        line.id: Particulars(units.get(_led(line), "") or verdicts.get(_moment(line), ""), names.get(line.id, ""))
        for line in held
    }


def _led(line: StoryLine) -> int:
    """The unit to which an entry gave the matter; 0 where it gave it to none."""
    return int(line.facts.get("change", {}).get("lead_id", [None, None])[1] or 0)


def _units(lines: list[StoryLine]) -> dict[int, str]:
    wanted = {_led(line) for line in lines} - {0}
    return {key: f"给{title}" for key, title in Unit.objects.filter(pk__in=wanted).values_list("pk", "title")}


def _moment(line: StoryLine) -> str:
    return line.at.isoformat() if line.verb in ("verdict", "call-back", "rework", "complete") else ""


def _verdicts(matter: Matter) -> dict[str, str]:
    """The words of each verdict by the moment at which it was given."""
    rows = Verdict.objects.filter(matter=matter).order_by("pk")
    return {row.at.isoformat(): _said(row) for row in rows}


def _said(row: Verdict) -> str:
    parts = ["解决了" if row.solved else "没解决", row.satisfaction, *(str(one) for one in row.reasons)]
    return "，".join(part for part in parts if part)


def _names(matter: Matter) -> dict[int, str]:
    entries = [entry for entry in record.story(matter.subject) if entry.actor_kind == "post"]
    found = names_of(entry.account_id for entry in entries)
    return {entry.pk: found.get(entry.account_id or 0, "") for entry in entries}
