"""Steps that wait for another post's yes: asked, approved, refused, or settled by silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from youying.kernel.clocks import count
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.actions.scene import Scene, lock
from youying.matters.events import Asked
from youying.matters.models import Ask
from youying.packs.compiled import CompiledAct, CompiledApprove
from youying.record import actions as record
from youying.record.queries import unseal_for

EXTENSION = "extension"
STEP = "step"
PROPOSAL = "proposal"
TOLD = "told"
"""How an ask stands whose silence was passed up already: it stays open, and nothing more happens by itself."""


def needs_yes(scene: Scene, step: CompiledAct) -> bool:
    """Whether the step waits for another's yes; who holds the approving post says it by acting."""
    if step.approve is None or scene.by.kind == "system":
        return False
    return not rules.stands_as(scene.by, scene.situation) & set(step.approve.by)


def put(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> Ask:
    """Ask another post for its yes; the data of the step wait sealed."""
    assert step.approve is not None
    return put_ask(scene, kind=STEP, step=step.id, title=step.title, approve=step.approve, data=data)


def put_ask(
    scene: Scene,
    *,
    kind: str,
    step: str,
    title: str,
    approve: CompiledApprove,
    data: Mapping[str, Any],
    lapses_at: datetime | None = None,
) -> Ask:
    """Store one open ask with its entry and announcement; a second one for the same step is refused.

    Silence is judged when the time to answer is over; where the pack gives none, at `lapses_at`.
    """
    matter, by = scene.matter, scene.by
    if Ask.objects.filter(matter=matter, kind=kind, step=step, answer="").exists():
        raise Refused("already-asked", say=f"“{title}”已经有人申请了，正等答复。")
    due = count(scene.at, approve.within, scene.calendar).due_at if approve.within else lapses_at
    ask = Ask.objects.create(
        matter=matter,
        kind=kind,
        step=step,
        posts=list(approve.by),
        asked_by={"account": by.account_id, "post": by.post_id, "code": by.post_code, "unit": by.unit_id},
        asked_at=scene.at,
        due_at=due,
        silent=approve.silent,
        sealed=record.seal_for(matter.subject, msgspec.json.encode(dict(data)).decode()),
    )
    facts = {"verb": "ask", "step": step, "kind": kind, "posts": list(approve.by)}
    if scene.digests:
        facts, scene.digests = {**facts, "files": scene.digests}, []
    record.write(matter.subject, "ask", by=by, facts=facts, sealed={"note": str(data.get("note") or "")})
    say = f"申请“{title}”，等{'、'.join(approve.by)}答复"
    record.announce(
        Asked(matter.pk, matter.number, ask.pk, step, tuple(approve.by), matter.area_path, say), subject=matter.subject
    )
    return ask


def open_ask(ask_id: int, *, by: Viewer, at: datetime) -> tuple[Scene, Ask]:
    """The open ask on its locked matter; refused where it is answered, unknown, not yours, or your own.

    The matter is locked first, as every step does, and the ask is read under that lock.
    """
    matter_id = Ask.objects.filter(pk=ask_id).values_list("matter_id", flat=True).first()
    if matter_id is None:
        raise Refused("not-found", say="没有这个申请。")
    scene = lock(matter_id, by=by, at=at)
    ask = Ask.objects.get(pk=ask_id)
    ask.matter = scene.matter
    if ask.answer:
        raise Refused("already-answered", say="这个申请已经答复过了。", have=ask.answer)
    if by.kind != "system" and not rules.stands_as(by, scene.situation) & set(ask.posts):
        raise Refused("not-yours", say="这个申请不由您的岗位答复。", have=by.post_title, need=ask.posts)
    if by.account_id is not None and ask.asked_by.get("account") == by.account_id:
        raise Refused("own-ask", say="自己的申请要由别人答复。", clause="申请人与批准人分开（本系统规则）")
    return scene, ask


def lapse(scene: Scene) -> None:
    """A matter that ends leaves nothing to answer."""
    Ask.objects.filter(matter=scene.matter, answer="").update(answer="lapsed", answered_at=scene.at)


def asked_data(ask: Ask) -> dict[str, Any]:
    """What the asker wrote, unsealed; dates read back."""
    plain = unseal_for(ask.matter.subject, bytes(ask.sealed)) if ask.sealed else "{}"
    data: dict[str, Any] = msgspec.json.decode((plain or "{}").encode())
    if data.get("due_at"):
        data["due_at"] = datetime.fromisoformat(data["due_at"])
    return data


def answer(ask: Ask, word: str, *, at: datetime | None = None) -> None:
    """Close an ask with its answer."""
    ask.answer, ask.answered_at = word, at or now()
    ask.save(update_fields=["answer", "answered_at"])
