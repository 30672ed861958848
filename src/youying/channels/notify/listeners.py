"""Who is told what: announcement → notice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from youying.channels.notify.actions import keep, settle_answered
from youying.channels.notify.reading import street_at, street_of
from youying.channels.notify.rules import ACCOUNT, POST, UNIT, Street, Word, addressed
from youying.insight.events import WarningRaised
from youying.kernel.viewers import SYSTEM
from youying.matters.events import Alerted, Asked, AskLapsed, ClockRang, MatterActed, MatterLanded
from youying.matters.saying import for_resident
from youying.occasions.events import OccasionTold
from youying.partners.events import AgreementEnding
from youying.people.roster_events import DutyTold
from youying.record.events import listen

OVERDUE = "overdue"


@listen(MatterActed)
def on_acted(event: MatterActed, *, key: str) -> None:
    """What the pack says is to be told; the resident in plain words. Their own word settles what came before it."""
    if event.verb == "verdict":
        settle_answered(event.number, spoke=event.spoke)
    if event.tells:
        word = replace(_word(event), plain=for_resident(event.verb))
        street = street_of(event.number, units=event.units, reporters=event.reporters)
        _keep(event.tells, word, street, key=key)


@listen(ClockRang)
def on_rang(event: ClockRang, *, key: str) -> None:
    """A reminder or a word from a ladder."""
    if event.to and event.do != OVERDUE:
        street = street_of(event.number)
        held = {"lead": (event.unit_id,)} if event.unit_id else {}
        if event.seat:  # what one unit's own clock says is not said to the others
            held[event.seat[0]] = (event.seat[1],)
        street = replace(street, units={**street.units, **held})
        _keep([event.to], _word(event), street, key=f"{key}:{event.clock}:{event.do}")


@listen(Asked)
def on_asked(event: Asked, *, key: str) -> None:
    """A step waits for somebody's yes."""
    _keep(event.posts, _word(event), street_of(event.number), key=key)


@listen(Alerted)
def on_alerted(event: Alerted, *, key: str) -> None:
    """A higher tier is passed a matter or is to watch one; a unit is supervised or called to a meeting."""
    word = _word(event)
    if event.meeting:  # whoever is invited reads the meeting, not its matters
        word = replace(word, say=event.say, meeting=event.meeting)
    _keep(event.to, word, street_of(event.number), key=key)
    for unit in event.units:
        keep(replace(word, audience=UNIT, unit_id=unit), key=f"{key}:{unit}", by=SYSTEM)


@listen(AskLapsed)
def on_lapsed(event: AskLapsed, *, key: str) -> None:
    """What was asked needs no answer any more: whoever asked must know, because nobody will."""
    word = _word(event)
    if event.unit_id:
        keep(replace(word, audience=UNIT, unit_id=event.unit_id), key=key, by=SYSTEM)
    elif event.post_code:
        keep(replace(word, audience=POST, post_code=event.post_code), key=key, by=SYSTEM)


@listen(MatterLanded)
def on_landed(event: MatterLanded, *, key: str) -> None:
    """What came in off hours is told to who is on duty, or to who minds the roster where nobody is."""
    word = Word(ACCOUNT, f"{event.number} {event.say}", event.area_path, matter_id=event.matter_id, number=event.number)
    _keep_each(event.accounts, word, key=key)


@listen(OccasionTold)
def on_occasion_told(event: OccasionTold, *, key: str) -> None:
    """What recurs is due soon, missed, or nobody was met: told to the worker it was given to, or to the post."""
    word = Word(POST, event.say, event.area_path)
    if event.account_id:
        _keep_each((event.account_id,), replace(word, audience=ACCOUNT), key=f"{key}:{event.rung}")
    elif event.to:
        _keep([event.to], word, street_at(event.area_path), key=f"{key}:{event.do}")


@listen(DutyTold)
def on_duty_told(event: DutyTold, *, key: str) -> None:
    """A swap, a shift that nobody is on, a note that is late: told to the people it concerns."""
    _keep_each(event.accounts, Word(ACCOUNT, event.say, event.area_path), key=key)


def _keep_each(accounts: Iterable[int], word: Word, *, key: str) -> None:
    for account in accounts:
        keep(replace(word, account_id=account), key=f"{key}:{account}", by=SYSTEM)


@listen(WarningRaised)
def on_warning(event: WarningRaised, *, key: str) -> None:
    """More than usual somewhere: who is told, and who says what it is."""
    posts = dict.fromkeys((*event.tells, *event.judges))
    _keep(posts, Word("", event.say, event.place_path), street_at(event.place_path), key=key)


@listen(AgreementEnding)
def on_agreement_ending(event: AgreementEnding, *, key: str) -> None:
    """The agreement of a partner ends soon, or has ended: whoever keeps the register is told."""
    _keep(event.keepers, Word("", event.say, event.area_path), street_at(event.area_path), key=key)


def _word(event: MatterActed | ClockRang | Asked | AskLapsed | Alerted) -> Word:
    """What a notice says of a matter, before it is known to whom."""
    say = f"{event.number} {event.say}"
    return Word("", say, event.area_path, matter_id=event.matter_id, number=event.number)


def _keep(to: Iterable[str], word: Word, street: Street, *, key: str) -> None:
    """Keep one notice an audience, however many words of the pack mean it."""
    found = {one.target: one for name in to for one in addressed(name, word, street)}
    for target, one in found.items():
        keep(one, key=f"{key}:{target}", by=SYSTEM)
