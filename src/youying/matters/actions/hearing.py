"""Whose word it is: of several reporters each is asked, and only all their words together close a matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters import hearing_rules as rules
from youying.matters.actions.scene import Scene
from youying.matters.fact_rules import Answer
from youying.matters.hearing_rules import Said
from youying.matters.models import Reporter, Verdict
from youying.matters.queries.page import voice_rows
from youying.packs.compiled import CompiledAct

ASKED = frozenset({"verdict", "call-back"})


def whose(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> int | None:
    """The reporter who speaks, or was called: the one who acts, the only one, or the one whom staff name."""
    if scene.by.kind == "reporter":
        return scene.by.reporter_id
    named = data.get("reporter")
    if step.verb not in ASKED or (scene.matter.reporter_count <= 1 and not named):
        return None
    known = voices(scene)
    if str(named or "") not in {str(key) for key in known}:
        if len(set(known.values())) <= 1 and not named:
            return None
        raise Refused("needs-reporter", say="有几位诉求人，请选这次问的是哪一位。", have=named, field="reporter")
    return int(str(named))


def heard(scene: Scene, answer: Answer, reporter_id: int | None) -> dict[str, Any]:
    """The facts that a word leaves where several are asked; nothing beside the word itself where one is."""
    if scene.matter.reporter_count <= 1 or reporter_id is None:
        return {}
    known = voices(scene)
    mine = Said(known.get(reporter_id, reporter_id), answer.solved, answer.satisfaction)
    order = list(scene.edition.pack.values.get("satisfaction", {}))
    return rules.together([*_said(scene, known), mine], asked=known.values(), order=order)


def said(scene: Scene) -> list[Said]:
    """What each voice said in this round, oldest first."""
    return _said(scene, voices(scene))


def _said(scene: Scene, known: Mapping[int, int]) -> list[Said]:
    rows = Verdict.objects.filter(matter=scene.matter, run=scene.matter.reworks, reporter__isnull=False).order_by("pk")
    words = rows.values_list("reporter_id", "solved", "satisfaction")
    return [Said(known.get(key or 0, key or 0), solved, grade) for key, solved, grade in words]


def unheard(scene: Scene) -> list[frozenset[int] | None]:
    """Who has not spoken yet in this round, each as the rows they are known by; one nameless person where no more
    than one is asked."""
    if scene.matter.reporter_count <= 1:
        return [None]
    known = voices(scene)
    spoke = {one.reporter_id for one in _said(scene, known)}
    left = dict.fromkeys(voice for voice in known.values() if voice not in spoke)
    return [frozenset(key for key, mine in known.items() if mine == voice) for voice in left]


def voices(scene: Scene) -> dict[int, int]:
    """Each row of the matter's reporters → the first row of the same person."""
    return rules.voices(voice_rows(Reporter.objects.filter(matter=scene.matter)))
