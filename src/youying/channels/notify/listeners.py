"""Who is told what: announcement → notice."""

from youying.channels.notify.actions import keep
from youying.channels.notify.rules import POST, Word, addressed
from youying.insight.events import WarningRaised
from youying.kernel.viewers import SYSTEM
from youying.matters.events import Asked, ClockRang, MatterActed
from youying.record.events import listen


@listen(MatterActed)
def on_acted(event: MatterActed, *, key: str) -> None:
    """What the pack says is to be told."""
    word = Word("", f"{event.number} {event.say}", event.area_path, matter_id=event.matter_id, number=event.number)
    for to in event.tells:
        if (found := addressed(to, word, unit_id=event.unit_id)) is not None:
            keep(found, key=f"{key}:{to}", by=SYSTEM)


@listen(ClockRang)
def on_rang(event: ClockRang, *, key: str) -> None:
    """A reminder or a word from a ladder."""
    word = Word("", f"{event.number} {event.say}", event.area_path, matter_id=event.matter_id, number=event.number)
    found = addressed(event.to, word, unit_id=event.unit_id) if event.do in ("remind", "tell") else None
    if found is not None:
        keep(found, key=f"{key}:{event.clock}:{event.do}", by=SYSTEM)


@listen(Asked)
def on_asked(event: Asked, *, key: str) -> None:
    """A step waits for somebody's yes."""
    for post in event.posts:
        word = Word(POST, f"{event.number} {event.say}", event.area_path, post, None, event.matter_id, event.number)
        keep(word, key=f"{key}:{post}", by=SYSTEM)


@listen(WarningRaised)
def on_warning(event: WarningRaised, *, key: str) -> None:
    """More than usual somewhere."""
    for post in event.tells:
        keep(Word(POST, event.say, event.place_path, post), key=f"{key}:{post}", by=SYSTEM)
