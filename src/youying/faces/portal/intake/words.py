"""How the portal says what happened and what comes next, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.channels.intake.queries import Part, Progress, Step
from youying.channels.intake.rules import UNSOLVED_WHY
from youying.matters.saying import for_resident

DID: dict[str, Any] = {
    "open": gettext_lazy("收到了"),
    "dispatch": gettext_lazy("给了%(unit)s"),
    "accept": gettext_lazy("%(unit)s接下了"),
    "contact": gettext_lazy("联系过您了"),
    "judge": gettext_lazy("研究好了怎么办"),
    "hand-back": gettext_lazy("换一家单位来办"),
    "object": gettext_lazy("换一家单位来办"),
    "park": gettext_lazy("眼下办不了，写明了原因和打算"),
    "unpark": gettext_lazy("又办起来了"),
    "review-parking": gettext_lazy("又看了一次能不能办"),
    "step": gettext_lazy("正在办"),
    "complete": gettext_lazy("%(unit)s说办好了"),
    "call-back": gettext_lazy("回访员找过您"),
    "verdict": gettext_lazy("您评价了"),
    "rework": gettext_lazy("没解决，接着办"),
    "end": gettext_lazy("依规办结，写明了理由"),
    "merge": gettext_lazy("和邻居说的是同一件，一起办"),
    "urge": gettext_lazy("催过一次"),
    "supervise": gettext_lazy("上级在盯着办"),
    "add": gettext_lazy("您补充了一句"),
    "reopen": gettext_lazy("又拿起来办"),
}
"""Verb → what was done, as the resident reads it."""
NEXT: dict[str, Any] = {
    "dispatch": gettext_lazy("派给承办单位"),
    "complete": gettext_lazy("%(unit)s说办好了"),
    "verdict": gettext_lazy("您说解决了没有，没解决就接着办"),
}
WHY: dict[str, Any] = {
    "还是老样子": gettext_lazy("还是老样子"),
    "只修了一半": gettext_lazy("只修了一半"),
    "没人来过": gettext_lazy("没人来过"),
    "修了又坏": gettext_lazy("修了又坏"),
}
SATISFACTION: dict[str, Any] = {
    "满意": gettext_lazy("满意"),
    "基本满意": gettext_lazy("基本满意"),
    "不满意": gettext_lazy("不满意"),
}


def unit_or(unit: str) -> str:
    """The unit that has it, or the word for whoever will."""
    return unit or _("承办单位")


def title_of(step: Step, progress: Progress) -> str:
    """What one line of the timeline says."""
    if step.verb == "cross-off":
        return _("您说解决了，这件事完了") if progress.sealed else _("按规定联系过多次没有回音，先结了")
    words = (NEXT if step.state == "next" else DID).get(step.verb)
    return str(words) % {"unit": unit_or(step.unit)} if words else for_resident(step.verb)


def headline(progress: Progress | Part) -> str:
    """The one sentence that says how it stands."""
    if progress.ended:
        return _("您说解决了，这件事完了") if progress.sealed else _("这件事已经依规办结")
    if isinstance(progress, Progress) and progress.spoke:
        return _("您说过了，还在等其他邻居说一声")
    if progress.waiting:
        return _("%(unit)s说办好了，请您说一声") % {"unit": unit_or(progress.unit)}
    if progress.parked:
        return _("眼下办不了，写明了原因和打算")
    if progress.unit:
        return _("%(unit)s正在办") % {"unit": progress.unit}
    applied = isinstance(progress, Progress) and progress.applied
    return _("收到了，正在看材料") if applied else _("收到了，马上派人")


def reasons() -> list[tuple[str, str]]:
    """What may be ticked where it is not solved."""
    return [(code, str(WHY[code])) for code in UNSOLVED_WHY]


def satisfactions(progress: Progress) -> list[tuple[str, str]]:
    """The pack's grades, in the reader's language where it has one."""
    return [(code, str(SATISFACTION.get(code, title))) for code, title in progress.satisfactions]


def no_verdict(progress: Progress) -> str:
    """Why no verdict can be given now, and what can be done instead."""
    if progress.ended:
        return _("这件事已经结了。要是又犯了，可以在进度页点“又犯了，请接着办”。")
    if progress.spoke:
        return _("您已经评过了，还在等其他邻居说一声。要是又坏了，请补充一句。")
    if progress.solved is False:
        return _("您说过没解决，%(unit)s正在接着办；办好了会再请您说一声。") % {"unit": unit_or(progress.unit)}
    return _("还没有办好。%(unit)s说办好了，就请您来评。") % {"unit": unit_or(progress.unit)}
