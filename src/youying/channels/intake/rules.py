"""Limits of the portal, and what a report from a phone must bring."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from youying.kernel.identifiers import ALPHABET, SECRET_LENGTH
from youying.kernel.refusals import Refused
from youying.packs.compiled import CompiledLoop

WRONG_TRIES, WRONG_WITHIN = 5, timedelta(minutes=15)
LINK_TRIES = 20
"""Wrong personal links from one address in the same time."""
REPORTS, SENDINGS, REPORTS_WITHIN = 30, 150, timedelta(hours=1)
"""New matters from one address, and forms sent from it at all, whatever became of them."""
PHOTOS_MOST = 6
MARK_LENGTH = 40
TOKEN = re.compile(r"[0-9A-Za-z_-]{16,64}")
SLIP_KEPT = timedelta(hours=1)
"""How long the page with number and secret can be opened again in the browser that sent the form."""

# What the resident reads of each step: its own words only where they are meant for the resident.
FOR_RESIDENT = frozenset({"contact", "step", "judge", "complete", "deliver", "park", "end"})
BY_THE_PACK = frozenset({"step", "judge"})
"""Verbs of work among staff: their words are for the resident only where the pack tells the reporter of the act."""
RESIDENTS = frozenset({"reporter", "applicant", "affected"})
OWN_WORDS = frozenset({"add", "verdict", "reopen"})
QUIET = frozenset(
    {
        "", "ring", "wake", "exclude", "include", "issue-secret", "correct", "reassign", "undo", "move-edition", "ask", "approve", "refuse", "pass-up",
        "lapse", "ask-extension", "split", "follow-move", "land", "land-next",
    }
)  # fmt: skip
# Classes of categories about what stands in the open for everybody; nothing of families, care, health, work or police.
IN_THE_OPEN = frozenset(
    {"property", "utilities", "fire", "hazard", "city", "lifts", "appearance", "environment", "traffic"}
)
UNSOLVED_WHY = ("还是老样子", "只修了一半", "没人来过", "修了又坏")
"""What may be ticked where something is not solved; kept in these words whatever language the page speaks."""


class Told(Protocol):
    """What must be known of an entry to say whether the resident reads it."""

    @property
    def act(self) -> str:
        """The act of the loop, or the house act."""

    @property
    def verb(self) -> str:
        """The verb of the step or house act."""

    @property
    def words(self) -> str:
        """What was written with it."""

    @property
    def actor_kind(self) -> str:
        """Who did it."""


Line = TypeVar("Line", bound=Told)


@dataclass(frozen=True, slots=True)
class Said:
    """What a resident sends from the portal; `scanned` says that an entrance's code led here, used or not."""

    text: str
    token: str
    hint: str = ""
    code: str = ""
    building_id: int | None = None
    compound_id: int | None = None
    area_path: str = ""
    point: tuple[float, float] | None = None
    spot: str = ""
    name: str = ""
    phone: str = ""
    protected: bool = False
    scanned: bool = False
    uploads: tuple[str, ...] = ()


def refuse_token(token: str) -> None:
    """Refuse a form whose own mark is missing or made up."""
    if not TOKEN.fullmatch(token):
        raise Refused("stale-form", say="这张表放得太久了，已经换了一张新的。请再按一次“提交”。", field="token")


def mark_of(token: str, key: bytes) -> str:
    """What a form is known by in our tables: from it neither the form's own mark nor its secret can be worked out."""
    return "portal:" + hmac.digest(key, f"portal-mark\0{token}".encode(), hashlib.sha256).hex()[:MARK_LENGTH]


def secret_of(token: str, key: bytes) -> str:
    """The look-up secret that goes with a form: the same when an impatient finger sends it twice."""
    number = int.from_bytes(hmac.digest(key, f"portal-form\0{token}".encode(), hashlib.sha256), "big")
    letters = []
    for _ in range(SECRET_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def refuse_many(count: int, *, most: int, say: str) -> None:
    """Refuse when there were too many already."""
    if count >= most:
        raise Refused("too-many", say=say, have=count, need=most)


def told(story: Iterable[Line], loop: CompiledLoop, *, alone: bool) -> list[Line]:
    """The entries a resident reads: no inner workings, no ratings or notes among staff, no word of another resident.

    `alone` says that there is one reporter only; with several, nobody's later words are shown to the others.
    """
    shown = [line for line in story if line.verb not in QUIET and not _fills_staffs_sheet(line, loop)]
    return [line for line in shown if line.verb != "add" or _own(line, alone=alone)]


def _own(line: Told, *, alone: bool) -> bool:
    return line.actor_kind == "reporter" and alone


def _fills_staffs_sheet(line: Told, loop: CompiledLoop) -> bool:
    """Whether the entry only fills in a sheet that is none of the applicant's, and the pack tells nobody of it."""
    step = loop.acts.get(line.act)
    if step is None or line.verb not in BY_THE_PACK or line.actor_kind == "reporter" or _tells(line, loop):
        return False
    return step.sheet is not None and step.sheet != loop.sheet


def _tells(line: Told, loop: CompiledLoop) -> bool:
    step = loop.acts.get(line.act)
    return step is not None and bool(RESIDENTS & set(step.tells))


def words_for_resident(line: Told, loop: CompiledLoop, *, alone: bool) -> str:
    """The words that go with an entry on the resident's page."""
    own = line.verb in OWN_WORDS and _own(line, alone=alone)
    meant = line.verb in FOR_RESIDENT and (line.verb not in BY_THE_PACK or _tells(line, loop))
    return line.words if own or meant else ""


def two_lines(working: str) -> tuple[str, ...]:
    """The working of a deadline in two plain lines: how it was counted, and by which hours and rule."""
    first, _, rest = working.partition("。")
    return tuple(part for part in (f"{first}。" if first else "", rest) if part)


def stands_in_the_open(category: str) -> bool:
    """Whether a category is about something everybody can see, so that its place may be told."""
    return category.partition(".")[0] in IN_THE_OPEN


def urge_again_at(last: datetime | None, *, gap: timedelta) -> datetime | None:
    """From when on the reporter may urge again; None where nothing was urged yet."""
    return None if last is None else last + gap
