"""A matter that comes in as the double of an open one: the merge is put before whoever may merge, a person says yes."""

from __future__ import annotations

from datetime import datetime

import msgspec

from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.actions import asks
from youying.matters.actions.scene import lock
from youying.matters.events import Asked
from youying.matters.models import Ask
from youying.matters.queries.similar import double_of
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged


@recorded_act("matters.propose-merge")
def propose_merge(matter_id: int, *, by: Viewer, at: datetime | None = None) -> Ask | None:
    """Put the merge into the older open matter that the pack calls the same before the posts that may merge.

    Nothing where there is none, where the matter's stage knows no merge, or where it was proposed before: once a
    person said no it is not asked again. 国办函〔2025〕66号: 重复诉求并单处理.
    """
    scene = lock(matter_id, by=by, at=at or now())
    matter, posts = scene.matter, scene.edition.pack.posts
    steps = [one for one in scene.loop.acts_of("merge") if matter.stage in one.from_stages]
    step = next(iter(steps), None)
    older = double_of(matter) if step is not None and matter.ended_at is None else None
    known = older is not None and Ask.objects.filter(matter=matter, kind=asks.MERGE).exists()
    named = [code for code in step.by if code in posts] if step is not None else []
    if step is None or older is None or known or not named:
        unchanged()
        return None
    data = msgspec.json.encode({"into": older.number}).decode()
    ask = Ask.objects.create(
        matter=matter, kind=asks.MERGE, step=step.id, posts=named, asked_at=scene.at, silent=asks.TOLD,
        asked_by={"kind": "system", "into": older.number}, sealed=record.seal_for(matter.subject, data),
    )  # fmt: skip
    facts = {"verb": "ask", "step": step.id, "kind": asks.MERGE, "posts": named, "into": older.number, "change": {}}
    record.write(matter.subject, "ask", by=by, facts=facts)
    say = f"和{older.number}同一诉求人、同一类、同一处，建议并单"
    event = Asked(matter.pk, matter.number, ask.pk, step.id, tuple(named), matter.area_path, say)
    record.announce(event, subject=matter.subject)
    return ask
