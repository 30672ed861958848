"""What the office announces, and two who listen."""

from dataclasses import dataclass

from youying.kernel.viewers import SYSTEM
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act
from youying.record.book import lock


@dataclass(frozen=True)
class Urged:
    """A matter was urged for the n-th time."""

    subject: str
    times: int


@act("test.urge", power="act")
def urge(subject, times, *, by):
    """Urge a matter, and say so."""
    write(subject, "urge", by=by, facts={"times": times})
    announce(Urged(subject, times), subject=subject)


@act("test.whisper", power="act")
def whisper(subject, *, by):
    """Announce something about a subject without an entry on it."""
    write("matter:1", "urge", by=by, facts={})
    announce(Urged(subject, 1), subject=subject)


@act("test.hear")
def hear(subject, times, *, by):
    """Note that an announcement came."""
    ear = f"ear:{subject}"
    if ear not in lock([ear]):
        open_subject(ear)
    write(ear, "heard", by=by, facts={"times": times})


def on_urged(event, *, key):
    """Hear it."""
    hear(event.subject, event.times, by=SYSTEM)
