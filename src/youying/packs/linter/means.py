"""Forums, votes, shares, draws, purses, publications and assessments."""

from __future__ import annotations

from fractions import Fraction

from youying.packs.linter import vocabulary
from youying.packs.linter.acts import acts_of, check_refusal
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar
from youying.packs.schema_means import Assessment, Forum, Objection, Publication, Purse, Share

SHOWN_KINDS = (
    *("ledger", "purse", "register", "decision", "assessment", "sheet", "forum", "loop", "post", "share", "draw"),
    *("figure", "rhythm"),
)
VOTER_KINDS = ("register", "post")
POOL_KINDS = ("register", "post", "loop", "unit")


def check_means(reading: Reading) -> None:
    """All that is agreed, paid, posted and judged."""
    for name, forum in reading.pack.forum.items():
        _forum(reading, f"forum.{name}", forum)
    for name, share in reading.pack.share.items():
        _share(reading, f"share.{name}", share)
    for name, purse in reading.pack.purse.items():
        _purse(reading, f"purse.{name}", purse)
    for name, publication in reading.pack.publication.items():
        _publication(reading, f"publication.{name}", publication, name)
    for name, assessment in reading.pack.assessment.items():
        _assessment(reading, f"assessment.{name}", assessment)
    _decisions(reading)
    _draws(reading)


def _forum(reading: Reading, key: str, forum: Forum) -> None:
    vocabulary.actors(reading, [*forum.host, *forum.called_by, *forum.seats], key)
    vocabulary.named(reading, "loop", forum.loop, f"{key}.loop")
    vocabulary.named(reading, "sheet", forum.sheet, f"{key}.sheet")
    vocabulary.named(reading, "decision", forum.decision, f"{key}.decision")
    vocabulary.opens(reading, forum.routes.values(), f"{key}.routes")
    classes = [*reading.pack.values.get("class", {}), *reading.pack.values.get("route", {})]
    for one in forum.routes:
        reading.expect(f"{key}.routes", one, classes, what="类别的取值")
    check_calendar(reading, [forum.notice], f"{key}.notice")
    if not forum.host:
        reading.fault("L12", key, "没有召集人。", "请写 host。")


def _decisions(reading: Reading) -> None:
    for name, decision in reading.pack.decision.items():
        key = f"decision.{name}"
        vocabulary.ref(reading, decision.voters, f"{key}.voters", kinds=VOTER_KINDS, plain=reading.actors)
        vocabulary.named(reading, "publication", decision.publish, f"{key}.publish")
        if decision.law is None and not _used(reading, "decision", name):
            say = "没有哪个动作或议事会用到这个表决规则。"
            reading.fault("L32", key, say, f'请在动作的 needs 里写 "decision:{name}"，或删去。')
        check_calendar(reading, [decision.notice, *decision.open_for], key)


def _used(reading: Reading, kind: str, name: str) -> bool:
    """Whether an act waits for it (by name or by its bare word), or a forum decides by it."""
    needs = {need for loop in reading.pack.loop.values() for act in loop.acts.values() for need in act.needs}
    by_forum = kind == "decision" and any(forum.decision == name for forum in reading.pack.forum.values())
    return by_forum or kind in needs or f"{kind}:{name}" in needs


def _share(reading: Reading, key: str, share: Share) -> None:
    if not _used(reading, "share", key.partition(".")[2]):
        reading.fault(
            "L32", key, "没有哪个动作用到这个分摊。", f'请在动作的 needs 里写 "share:{key.partition(".")[2]}"。'
        )
    vocabulary.named(reading, "purse", share.purse, f"{key}.purse")
    for side in share.sides:
        reading.expect(f"{key}.sides", side, ["homes", *reading.actors], what="这一方")
    for side in share.inside:
        reading.expect(f"{key}.inside", side, share.sides, what="这一方")
    if (total := sum(map(Fraction, share.sides.values()))) != 1:
        reading.fault("L18", f"{key}.sides", f"各方份额合计 {total}，不是 1。", "请改成合计为一。")
    check_calendar(reading, [share.collect], f"{key}.collect")


def _draws(reading: Reading) -> None:
    for name, draw in reading.pack.draw.items():
        key = f"draw.{name}"
        vocabulary.population(reading, draw.pool, f"{key}.pool", kinds=POOL_KINDS)
        vocabulary.where(reading, draw.where, f"{key}.where", of=draw.pool)
        vocabulary.actors(reading, draw.witness, f"{key}.witness")
        if ":" in draw.gives and not _used(reading, "draw", name):
            reading.fault("L32", key, "没有哪个动作用到这次抽签。", f'请在动作的 needs 里写 "draw:{name}"。')
        if ":" in draw.gives:
            vocabulary.ref(reading, draw.gives, f"{key}.gives", kinds=("register",))


def _purse(reading: Reading, key: str, purse: Purse) -> None:
    vocabulary.population(reading, purse.of, f"{key}.of", kinds=POOL_KINDS)
    vocabulary.needs(reading, purse.needs, f"{key}.needs")
    vocabulary.named(reading, "publication", purse.publish, f"{key}.publish")
    _earnings(reading, key, purse)
    for index, approval in enumerate(purse.approve):
        at = f"{key}.approve.{index + 1}"
        vocabulary.actors(reading, approval.by, f"{at}.by")
        check_refusal(reading, approval.refused, at)
    if purse.spends and not purse.approve:
        reading.fault("L05", key, "有支出却没有审批。", "请写 approve：超过多少、谁审批、不同意怎么办。")
    if purse.grant is not None and purse.every is None:
        reading.fault("L17", f"{key}.every", "定额拨入却没写多久一次。", "请写 every。")


def _earnings(reading: Reading, key: str, purse: Purse) -> None:
    for line, earning in purse.earns.items():
        at = f"{key}.earns.{line}"
        reading.expect(at, line, purse.takes, what="收入项目")
        vocabulary.ref(reading, earning.of, f"{at}.of", kinds=("loop",))
        vocabulary.where(reading, earning.where, f"{at}.where", of=earning.of)
        if purse.of != "person":
            reading.fault("L07", at, "这是记给服务人的，账户却不是一人一本。", '请写 of = "person"，或去掉 earns。')


def _publication(reading: Reading, key: str, publication: Publication, name: str) -> None:
    vocabulary.ref(reading, publication.shows, f"{key}.shows", kinds=SHOWN_KINDS)
    vocabulary.facts(reading, publication.hides, f"{key}.hides")
    check_calendar(reading, [publication.days], f"{key}.days")
    if publication.objection:
        _objection(reading, f"{key}.objection", publication.objection)
        _objections_received(reading, key, name)


def _objection(reading: Reading, key: str, objection: Objection) -> None:
    vocabulary.actors(reading, objection.to, f"{key}.to")
    check_calendar(reading, [objection.within], f"{key}.within")
    if not objection.to:
        reading.fault("L28", key, "可以提异议，却没写谁受理。", "请写 to。")


def _objections_received(reading: Reading, key: str, name: str) -> None:
    """L28: a loop that waits for this publication has an act that receives objections."""
    for loop_name, loop in reading.pack.loop.items():
        waits = any(f"publication:{name}" in act.needs for act in loop.acts.values())
        if waits and not acts_of(loop, ["object", "rework"]):
            say = "公示承诺可以提异议，而流程里没有动作受理异议。"
            reading.fault("L28", f"loop.{loop_name}.acts", say, f"请写一个 object 动作，或去掉 {key}.objection。")
        elif waits and not _object_before(loop, name):
            say = "公示期间提出的异议没有动作受理。"
            reading.fault("L28", f"loop.{loop_name}.acts", say, "请写一个在公示阶段可以办的 object（或 rework）动作。")


def _object_before(loop: object, name: str) -> bool:
    acts = getattr(loop, "acts", {})
    waiting = {stage for act in acts.values() if f"publication:{name}" in act.needs for stage in act.from_}
    return any(waiting & set(act.from_) for act_name, act in acts.items() if (act.verb or act_name) in _RECEIVING)


_RECEIVING = frozenset({"object", "rework"})


def _assessment(reading: Reading, key: str, assessment: Assessment) -> None:
    vocabulary.population(reading, assessment.of, f"{key}.of", kinds=POOL_KINDS)
    vocabulary.named(reading, "publication", assessment.publish, f"{key}.publish")
    for code, line in assessment.lines.items():
        vocabulary.ref(reading, line.takes, f"{key}.lines.{code}.takes", kinds=("figure", "sheet"))
    if (total := sum(line.weight for line in assessment.lines.values())) != 100:
        reading.fault("L18", f"{key}.lines", f"权重合计 {total}，不是 100。", "请改成合计 100。")
    for index, band in enumerate(assessment.bands):
        vocabulary.consequences(reading, band.then, f"{key}.bands.{index + 1}.then")
    if assessment.objection:
        _objection(reading, f"{key}.objection", assessment.objection)
