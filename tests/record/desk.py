"""A small office whose acts the tests of the record watch."""

from datetime import date

from youying.kernel.viewers import SYSTEM, Viewer
from youying.record.actions import open_subject, seal_day, write
from youying.record.acts import act

OFFICER = Viewer(
    kind="post",
    account_id=7,
    post_id=9,
    post_code="dispatcher",
    unit_id=2,
    reach="/",
    powers=frozenset({"act", "audit"}),
)
STRANGER = Viewer(kind="post", account_id=8, post_id=10)
TOWN = "matter/630103"


@act("test.open")
def open_matter(subject, *, by, series=TOWN, words=None):
    """Open a matter with its first entry."""
    head = open_subject(subject, series=series)
    write(subject, "open", by=by, facts={"channel": "hotline"}, sealed=words)
    return head


@act("test.dispatch", power="act")
def dispatch(subject, *, by, unit=3):
    """Give a matter to a unit."""
    return write(subject, "dispatch", by=by, facts={"unit": unit}, origin="desk")


@act("test.note", power="act")
def note(subject, *, by, words):
    """Add words to a matter."""
    return write(subject, "add", by=by, facts={}, sealed={"words": words})


def tell_a_history(at):
    """Three matters of three entries over two days, the first day sealed."""
    clock = at("2026-11-17 09:40")
    for number in (1, 2, 3):
        open_matter(f"matter:{number}", by=SYSTEM, words={"text": f"第{number}盏路灯不亮"})
        clock.forward(minutes=5)
        dispatch(f"matter:{number}", by=OFFICER)
    clock.forward(days=1)
    seal_day(date(2026, 11, 17), by=SYSTEM)
    for number in (1, 2, 3):
        note(f"matter:{number}", by=OFFICER, words="已联系")
    return clock
