"""Who is told what: announcement → notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from youying.channels.notify.actions import keep
from youying.channels.notify.reading import street_at, street_of
from youying.channels.notify.rules import Street, Word, addressed
from youying.insight.events import WarningRaised
from youying.kernel.viewers import SYSTEM
from youying.matters.events import Asked, ClockRang, MatterActed
from youying.matters.saying import for_resident
from youying.record.events import listen

OVERDUE = "overdue"


@listen(MatterActed)
def on_acted(event: MatterActed, *, key: str) -> None:
    """What the pack says is to be told; the resident in plain words."""
    if event.tells:
        word = replace(_word(event), plain=for_resident(event.verb))
        _keep(event.tells, word, street_of(event.number), key=key)


@listen(ClockRang)
def on_rang(event: ClockRang, *, key: str) -> None:
    """A reminder or a word from a ladder."""
    if event.to and event.do != OVERDUE:
        _keep([event.to], _word(event), street_of(event.number), key=f"{key}:{event.clock}:{event.do}")


@listen(Asked)
def on_asked(event: Asked, *, key: str) -> None:
    """A step waits for somebody's yes."""
    _keep(event.posts, _word(event), street_of(event.number), key=key)


@listen(WarningRaised)
def on_warning(event: WarningRaised, *, key: str) -> None:
    """More than usual somewhere: who is told, and who says what it is."""
    posts = dict.fromkeys((*event.tells, *event.judges))
    _keep(posts, Word("", event.say, event.place_path), street_at(event.place_path), key=key)


def _word(event: MatterActed | ClockRang | Asked) -> Word:
    """What a notice says of a matter, before it is known to whom."""
    say = f"{event.number} {event.say}"
    return Word("", say, event.area_path, matter_id=event.matter_id, number=event.number)


def _keep(to: Iterable[str], word: Word, street: Street, *, key: str) -> None:
    """Keep one notice an audience, however many words of the pack mean it."""
    found = {one.target: one for name in to for one in addressed(name, word, street)}
    for target, one in found.items():
        keep(one, key=f"{key}:{target}", by=SYSTEM)
