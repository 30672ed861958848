"""What follows from an occasion by itself: matters opened, a register, somebody told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions.intake import Opened, open_matter
from youying.matters.intake_rules import NeedIn
from youying.occasions.events import OccasionTold
from youying.occasions.models import Occasion
from youying.occasions.reading import keeper_of
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.people.actions import enter
from youying.people.models import RegisterEntry
from youying.people.register_rules import Listed
from youying.places.placing import place_of
from youying.places.queries import path_words
from youying.record.actions import announce

KEEPER = "keeper"
CHANNELS = {"patrol": "patrol", "inspect": "patrol"}
"""By which channel a need comes in that was found: what is not patrolled or inspected is visited."""


def found_matter(
    row: Occasion, edition: Edition, code: str, *, item: str, words: str, by: Viewer, uploads: Sequence[str] = ()
) -> Opened:
    """The matter that something found at an occasion opens, at its place; the same one again gives the same matter."""
    loop = edition.loops[code]
    need = NeedIn(
        kind=loop.kind, text=words, channel=CHANNELS.get(row.does, "visit"), external_id=f"{row.subject}:{item}",
        uploads=tuple(uploads), loop=code, facts={"found_by": row.does},
    )  # fmt: skip
    place = place_of(
        home_id=row.home_id, building_id=row.building_id, compound_id=row.compound_id, area_path=row.area_path,
        words=path_words(row.path),
    )  # fmt: skip
    return open_matter(need, place=place, by=by, origin=f"occasion:{row.pk}")


def given_up(row: Occasion, rhythm: Rhythm, edition: Edition) -> list[str]:
    """What the pack says follows when nobody was met however often one went; each consequence as it was done."""
    if rhythm.unmet is None:
        return []
    return [done for text in rhythm.unmet.then if (done := _follow(text, row, rhythm, edition))]


def _follow(text: str, row: Occasion, rhythm: Rhythm, edition: Edition) -> str:
    word, _, name = text.partition(":")
    return THEN[word](name, row, rhythm, edition)


def _tell(name: str, row: Occasion, rhythm: Rhythm, edition: Edition) -> str:
    say = f"{path_words(row.path)}“{rhythm.title}”去了{row.attempts}次都没有见到，请安排。"
    tell(row, rhythm, edition, do="unmet", to=name, rung="unmet", say=say)
    return f"tell:{name}"


def _open(name: str, row: Occasion, rhythm: Rhythm, edition: Edition) -> str:
    words = f"{rhythm.title}：去了{row.attempts}次都没有见到，请马上核实情况。"
    opened = found_matter(row, edition, name, item="unmet", words=words, by=SYSTEM)
    row.opened += 1
    return f"open:{opened.matter.number}"


def _put(name: str, row: Occasion, rhythm: Rhythm, edition: Edition) -> str:
    """List the home in a register, unless it stands there already; a register of anything else takes nobody in so."""
    terms = edition.pack.register_[name]
    key = f"home:{row.home_id}"
    listed = RegisterEntry.objects.filter(register=name, key=key, left_at=None).exists()
    if terms.of != "home" or row.home_id is None or listed:
        return ""
    entry = enter(
        name, by=SYSTEM, edition=edition, path=row.path, listed=Listed(home_id=row.home_id),
        class_code=next(iter(terms.classes), ""),
    )  # fmt: skip
    return f"put:{entry.subject}"


THEN: dict[str, Callable[[str, Occasion, Rhythm, Edition], str]] = {"tell": _tell, "open": _open, "put": _put}


def tell(row: Occasion, rhythm: Rhythm, edition: Edition, *, do: str, to: str, rung: str, say: str) -> None:
    """Announce that somebody must know of an occasion: a post, or its keeper, who is the worker that it was given to."""
    kept = to == KEEPER
    event = OccasionTold(
        row.pk, row.rhythm, do, keeper_of(edition, rhythm) if kept else to, rung, row.area_path, say,
        account_id=row.owner_id if kept else None,
    )  # fmt: skip
    announce(event, subject=row.subject)
