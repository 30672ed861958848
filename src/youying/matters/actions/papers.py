"""The sheets, papers and signatures of a step: looked at before it is taken, filled in with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters import sheet_rules as rules
from youying.matters.actions import parties
from youying.matters.actions.scene import Scene
from youying.matters.models import Assignment
from youying.matters.need_rules import Given
from youying.matters.sheet_rules import Paper
from youying.packs.compiled import CompiledAct
from youying.packs.words import NEEDS
from youying.sheets import actions as sheets
from youying.sheets import queries
from youying.sheets.value_rules import is_typed, read_signature

SIGNED = "signature"
"""The role of a drawn or scanned signature, and what its field and its proof are called."""


def lacks(scene: Scene, step: CompiledAct, data: Mapping[str, Any], *, files: int) -> list[Refused]:
    """Everything that the sheets, the papers and the signature of a step still lack, each beside its field."""
    papers = read(scene, step, data)
    found = [wrong for paper in papers for wrong in paper.wrong]
    if step.needs_word("papers") and not scene.loop.sheet and not files:
        found.append(Refused("needs-papers", say="请附上齐全的材料。", need=NEEDS["papers"], field="papers"))
    signature = read_signature(data.get(SIGNED))
    if step.needs_word(SIGNED) and not rules.signed_of(scene.edition, papers, signature):
        say = "请签字：在屏幕上签，或者附上签好字的照片。"
        found.append(Refused("needs-signature", say=say, need=NEEDS[SIGNED], field=SIGNED))
    return found


def read(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> list[Paper]:
    """The sheets of a step as they will stand, read once a step; what was filled in of the loop's own counts."""
    wanted = rules.wanted_of(scene.loop, step)
    shares = rules.shared_out(scene.edition, wanted, data)
    if scene.papers is None:
        scene.papers = [
            rules.paper_of(
                scene.edition, step, code, values=shares[code], have=_have(scene, code), whole=code == wanted.papers
            )
            for code in wanted.all
        ]
    return scene.papers


def _have(scene: Scene, code: str) -> dict[str, Any] | None:
    """What the matter's own sheet holds; every other sheet is filled in anew each time."""
    row = queries.current(scene.matter.subject, code) if code == scene.loop.sheet else None
    return None if row is None else queries.open_values(row)


def hang(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    """Give the files of a step that waits for a yes to the matter, so that they are there when it is taken."""
    for paper in read(scene, step, data):
        parties.hang(scene, paper.filled.uploads, role=sheets.ROLE)
    _hang_signature(scene, data)


def note(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Fill in what came with the step, and keep the signature; what the system does by itself brings neither."""
    if given.place:
        scene.sealed["place"] = given.place
    papers = read(scene, step, data) if scene.by.kind != "system" or data.get("sheet") or data.get("papers") else []
    about = judged_of(scene, papers, data) if papers else ""
    _refuse_again(scene, step, papers, about=about)
    for paper in papers:
        _keep(scene, step, paper, about=about)
    scene.papers = None
    _hang_signature(scene, data)


def _hang_signature(scene: Scene, data: Mapping[str, Any]) -> None:
    signature = read_signature(data.get(SIGNED))
    if signature is None:
        return
    scene.noted["signed"] = "typed" if is_typed(signature) else "drawn"
    if isinstance(signature, tuple):
        parties.hang(scene, signature, role=SIGNED)
    else:
        scene.sealed[SIGNED] = str(signature)


def _keep(scene: Scene, step: CompiledAct, paper: Paper, *, about: str) -> None:
    matter, row = scene.matter, None
    if paper.how == "fill":
        row = sheets.fill(
            subject=matter.subject, sheet=paper.sheet, edition=scene.edition, values=paper.values, by=scene.by,
            act=step.id, path=matter.place_path, about=about if paper.filled.points is not None else "",
            lacking_allowed=paper.later, at=scene.at,
        )  # fmt: skip
    elif paper.how != "keep":
        write = sheets.supply if paper.how == "supply" else sheets.correct
        row = write(
            subject=matter.subject, sheet=paper.sheet, values=paper.values, by=scene.by, act=step.id, at=scene.at
        )  # fmt: skip
    if row is not None:
        scene.noted["sheets"] = [*scene.noted.get("sheets", ()), row.pk]


def judged_of(scene: Scene, papers: list[Paper], data: Mapping[str, Any]) -> str:
    """Whom the points of a step's sheets judge: the unit named, the one summoned, else the unit that has the matter.

    Refused where several were summoned and none is named, and where the named one never had the matter.
    """
    if all(paper.filled.points is None for paper in papers):
        return ""
    matter = scene.matter
    rows = Assignment.objects.filter(matter=matter).exclude(role="host").order_by("pk")
    had = dict(rows.values_list("unit_id", "role"))
    summoned = [unit for unit, role in had.items() if role == "summoned"]
    named = data.get("judged")
    if named is None and len(summoned) > 1:
        raise Refused("needs-judged", say="这次吹了几家单位，请选评的是哪一家。", need=summoned, field="judged")
    unit = int(str(named)) if str(named).isdecimal() else next(iter(summoned), matter.lead_id)
    if named is not None and unit not in had:
        raise Refused(
            "bad-judged", say="评的这家单位没有办过这件事项，请重新选。", have=str(named)[:20], field="judged"
        )
    return f"unit:{unit}" if unit else ""


def _refuse_again(scene: Scene, step: CompiledAct, papers: list[Paper], *, about: str) -> None:
    """Refuse a second word about the same whistle: each unit that was called is judged once a call, and judges once."""
    own, subject = set(step.by) == {"summoned"}, scene.matter.subject
    judged = scene.by.unit_id if own else int(about.partition(":")[2] or 0)
    called = Assignment.objects.filter(matter=scene.matter, role="summoned", unit=judged).count() if judged else 0
    for paper in papers if called else ():
        if paper.how != "fill" or (paper.filled.points is None and not own):
            continue
        whom = about if paper.filled.points is not None else subject
        if queries.times_filled(subject, paper.sheet, about=whom, by_unit=judged if own else None) >= called:
            say = f"“{step.title}”这一次已经评过了，一声哨评一次。"
            raise Refused("rated-already", say=say, have=judged, field="judged")


def at_intake(scene: Scene, values: Mapping[str, Any]) -> None:
    """Fill in the loop's own sheet with what came with the need; what must be there may come later."""
    if not values:
        return
    code, matter = scene.loop.sheet, scene.matter
    if code is None:
        raise Refused("sheet-unknown-item", say=f"“{scene.loop.title}”不用填表。", field="sheet")
    sheets.fill(
        subject=matter.subject, sheet=code, edition=scene.edition, values=values, by=scene.by, act="open",
        path=matter.place_path, lacking_allowed=True, at=scene.at,
    )  # fmt: skip
