"""What is said of a home changes: its use, its area with the source, who occupies it."""

from __future__ import annotations

from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.fields import HOME, in_words
from youying.places.models import Home
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.book import lock


@act("places.describe-home", power="intake")
def describe_home(home_id: int, *, by: Viewer, **values: Any) -> Home:
    """Say of a home its use, its area in m² with the source, or its occupancy; the names are those in `fields.HOME`."""
    row = Home.objects.select_for_update(of=("self",)).select_related("building").filter(pk=home_id).first()
    if row is None or not by.reaches(row.building.path):
        raise Refused("home-unknown", say="没有这一户，或不在您的辖区内。", have=home_id, field="home_id")
    if row.closed_at is not None:
        raise Refused("place-closed", say="这一户已停用，不能再改；要改请先恢复。", have=home_id)
    cleaned = HOME.clean({name: value for name, value in values.items() if name not in ("number", "floor")})
    before = {name: getattr(row, name) for name, value in cleaned.items() if getattr(row, name) != value}
    if not before:
        raise Refused("nothing-changed", say="没有改动。", have=sorted(values))
    for name in before:
        setattr(row, name, cleaned[name])
    row.save(update_fields=list(before))
    if row.subject not in lock([row.subject]):
        open_subject(row.subject)
    facts = {"before": in_words(before), "after": in_words({name: cleaned[name] for name in before})}
    write(row.subject, "places.describe-home", by=by, facts=facts | {"building": row.building.path})
    return row
