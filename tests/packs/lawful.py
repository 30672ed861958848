"""Mutants that pass, and why each is lawful: the damaged pack is another good pack."""

from __future__ import annotations

_FALLS_BACK = "去掉以后照基础包的同名动作办，流程仍然完整"
_INHERITED = "办理人照基础包的同名动作"
_OPTIONAL = "可选的一步，不办它也能走到销号，统计不缺"
_OTHER_REASON = "同一用途还有别的理由可选"
_NOT_ACTING = "这个岗位不办任何动作，只用来任命或包联"
_BASE_POST = "基础包里有同名岗位"

_GROUPS: dict[str, list[str]] = {
    _FALLS_BACK: [
        "m02: remove an act: loop.demand.acts.supervise",
        "m03: remove an act: loop.demand.acts.call-back",
        "m03: remove an act: loop.demand.acts.contact",
        "m03: remove an act: loop.demand.acts.dispatch",
        "m03: remove an act: loop.demand.acts.park",
        "m03: remove an act: loop.demand.acts.urge",
        "m05: remove an act: loop.demand.acts.end",
        "m05: remove an act: loop.demand.acts.supervise",
        "m18: remove an act: loop.table.acts.complete",
        "m18: remove an act: loop.table.acts.meet",
        "m18: remove an act: loop.table.acts.no-deal",
        "m19: remove an act: loop.five-steps.acts.verdict",
        "m21: remove an act: loop.business.acts.agree",
        "m24: remove an act: loop.dispute.acts.apply-confirm",
        "m24: remove an act: loop.dispute.acts.meet",
        "m35: remove an act: loop.order.acts.deliver",
    ],
    _INHERITED: [
        "m02: remove an actor: loop.demand.acts.supervise.by",
        "m03: remove an actor: loop.demand.acts.call-back.by",
        "m03: remove an actor: loop.demand.acts.contact.by",
        "m03: remove an actor: loop.demand.acts.dispatch.by",
        "m03: remove an actor: loop.demand.acts.urge.by",
        "m03: remove an actor: loop.demand.acts.verdict.by",
        "m06: remove an actor: loop.hazard.acts.rework.by",
        "m07: remove an actor: loop.report.acts.dispatch.by",
        "m14: remove an actor: loop.errand.acts.deliver.by",
        "m18: remove an actor: loop.table.acts.complete.by",
        "m19: remove an actor: loop.five-steps.acts.dispatch.by",
        "m24: remove an actor: loop.dispute.acts.meet.by",
        "m35: remove an actor: loop.order.acts.deliver.by",
    ],
    "对公示提异议的人只写话，派单异议另有说明": ["m01: remove a reason: loop.demand.acts.object.needs"],
    "不写理由的书面决定就是同意": ["m01: remove a reason: loop.commitment.acts.decline.needs"],
    _OPTIONAL: [
        "m01: remove an act: loop.commitment.acts.dispatch",
        "m01: remove an act: loop.demand.acts.step",
        "m01: remove an act: loop.demand.acts.urge",
        "m02: remove an act: loop.demand.acts.to-joint",
        "m02: remove an act: loop.early.acts.same-type",
        "m05: remove an act: loop.demand.acts.rate-unit",
        "m03: remove an act: loop.demand.acts.push",
        "m03: remove an act: loop.demand.acts.stop",
        "m06: remove an act: loop.hazard.acts.list",
        "m07: remove an act: loop.report.acts.reward",
        "m14: remove an act: loop.errand.acts.submit",
        "m18: remove an act: loop.table.acts.survey",
        "m19: remove an act: loop.five-steps.acts.sort",
        "m19: remove an act: loop.five-steps.acts.watch",
        "m20: remove an act: loop.bench.acts.by-stages",
        "m20: remove an act: loop.bench.acts.jointly",
        "m20: remove an act: loop.bench.acts.sort",
        "m21: remove an act: loop.business.acts.paper",
        "m23: remove an act: loop.dispute.acts.advise",
        "m23: remove an act: loop.dispute.acts.escalate",
        "m24: remove an act: loop.dispute.acts.change",
        "m26: remove an act: loop.rescue.acts.advance",
        "m26: remove an act: loop.rescue.acts.covenant",
        "m30: remove an act: loop.heating.acts.park",
        "m31: remove an act: loop.project.acts.opinion",
        "m31: remove an act: loop.project.acts.progress",
        "m36: remove an act: loop.supply.acts.adjust",
    ],
    _OTHER_REASON: [
        "m01: remove a reason: reasons.heating-season",
        "m01: remove a reason: reasons.waiting-resident",
        "m01: remove a reason: reasons.waiting-unit",
        "m01: remove a reason: reasons.weather",
        "m04: remove a reason: reasons.no-answer",
        "m04: remove a reason: reasons.no-capacity",
        "m07: remove a reason: reasons.already-known",
        "m07: remove a reason: reasons.insider",
        "m08: remove a reason: reasons.away",
        "m17: remove a reason: reasons.nobody-home",
    ],
    _NOT_ACTING: [
        "m09: remove a post: posts.city-leader",
        "m09: remove a post: posts.micro-worker",
        "m26: remove a post: posts.community-pledge",
        "m26: remove a post: posts.county-pledge",
        "m26: remove a post: posts.street-pledge",
    ],
    _BASE_POST: ["m09: remove a post: posts.grid-worker"],
    "计票人和召集人本来就是两个岗位": ["m27: drop not_by: loop.assembly.acts.count.not_by"],
}

LAWFUL: dict[str, str] = {name: why for why, names in _GROUPS.items() for name in names}
