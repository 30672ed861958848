"""What staff do for one reporter of a matter: a new look-up secret for whoever lost theirs, or never had one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from youying.kernel.identifiers import hash_secret, look_up_secret
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import house_rules
from youying.matters.actions.committing import commit
from youying.matters.actions.entering import enter
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.matters.models import Matter, Reporter
from youying.record import queries as record
from youying.record.acts import act as recorded_act
from youying.record.keys import ring

ISSUE = "issue-secret"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new secret, given back once: `slip` is the matter by whose number its reporter looks it up."""

    matter: Matter
    slip: Matter
    secret: str


@recorded_act("matters.issue-secret")
def issue_secret(matter_id: int, *, by: Viewer, reporter: int, way: str, at: datetime | None = None) -> Issued:
    """Give a reporter a new look-up secret, so that the old one opens nothing; `way` says how staff knew who asked.

    Raises `Refused` for another matter's reporter, a protected one without the power, a telephone that is not on
    record, and from the fourth time in a day on. The secret stands in no entry; its reporter is named by key.
    """
    scene = enter(matter_id, ISSUE, by=by, at=at)
    row = _reporter(scene, reporter)
    house_rules.refuse_issue(way, protected=row.protected and not by.may("protected"), phone=bool(row.phone_index))
    house_rules.refuse_often(_issued_today(scene, row.pk))
    slip = row.came_as if row.came_as_id and row.came_as else scene.matter
    secret = look_up_secret()
    row.secret_hash = hash_secret(secret, ring().current("secret").secret, bound_to=slip.number)
    row.save(update_fields=["secret_hash"])
    commit(scene, ISSUE, ISSUE, was=facts_of(scene.matter), data={}, extra={"reporter": row.pk, "way": way})
    return Issued(scene.matter, slip, secret)


def _reporter(scene: Scene, key: int) -> Reporter:
    """The reporter of this matter; of a part, the secret belongs to the whole."""
    row = Reporter.objects.select_related("came_as").filter(matter=scene.matter, pk=key).first()
    if row is None:
        raise Refused("not-found", say="这件事项没有这位诉求人。", have=key, field="reporter")
    if row.whole_id is not None:
        raise Refused("secret-of-whole", say="这是拆出来的事项，用原事项的查询码。请到原事项换发。", field="reporter")
    return row


def _issued_today(scene: Scene, reporter_id: int) -> int:
    """How often this reporter got a new secret within a day."""
    since = scene.at - DAY
    made = (entry for entry in record.story(scene.matter.subject) if entry.act == ISSUE and entry.at > since)
    return sum(cast(dict[str, object], entry.facts).get("reporter") == reporter_id for entry in made)
