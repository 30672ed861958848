"""Who is responsible for what a register lists; each change is an act with an entry in the record."""

from __future__ import annotations

from datetime import date

from youying.access.queries import posts_of, viewer_of
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.people.actions.registers import kept
from youying.people.membership_rules import checked_day
from youying.people.models import Keeping
from youying.places.queries import zone_of
from youying.record.actions import write
from youying.record.acts import act


@act("people.entrust")
def entrust(entry_id: int, *, by: Viewer, edition: Edition, account_id: int, since: date | None = None) -> Keeping:
    """Make somebody who reaches the place responsible for an entry since a day; whoever was before is until then."""
    row, _terms = kept(entry_id, by=by, edition=edition)
    first = checked_day(since, today=local(now(), zone(zone_of(row.path))).date(), field="since")
    if not any(viewer_of(post).reaches(row.path) for post in posts_of(account_id).select_related("account", "unit")):
        say = "这个人现在没有管到这里的岗位，请先安排岗位，或选别人。"
        raise Refused("keeper-elsewhere", say=say, have=account_id, field="account_id")
    before = row.keepings.filter(until__isnull=True).first()
    if before is not None and before.account_id == account_id:
        raise Refused("nothing-changed", say="责任人本来就是这个人。", have=account_id)
    last = row.keepings.order_by("-since", "-pk").first()
    if last is not None and first < (last.until or last.since):
        say = f"{last.until or last.since:%Y-%m-%d}以前另有责任人，请从那天或以后算起。"
        raise Refused("kept-by-another", say=say, have=str(first), need=str(last.until or last.since), field="since")
    if before is not None:
        before.until = first
        before.save(update_fields=["until"])
    made = Keeping.objects.create(entry=row, account_id=account_id, since=first)
    facts = {"before": before.account_id if before else None, "after": account_id, "since": str(first)}
    write(row.subject, "people.entrust", by=by, facts=facts)
    return made
