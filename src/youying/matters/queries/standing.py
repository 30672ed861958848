"""What running matters stand in that another edition no longer has; said before anybody adopts it."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from youying.matters.models import Clock, Matter
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition

STAY = "它们照登记时的版本办，改按新版本办时"


def standing_in_what_goes(area_path: str, before: Edition, after: Edition) -> list[str]:
    """Sentences: how many running matters at a place stand in a loop, stage or clock of `before` that `after` lacks."""
    below = Q(area_path=area_path) | Q(area_path__startswith=area_path.rstrip("/") + "/")
    here = Matter.objects.filter(below, ended_at__isnull=True).order_by()
    said = []
    for code in [code for code in before.loops if code not in after.loops]:
        if n := here.filter(loop=code).count():
            said.append(
                f"{n}件在办事项走“{before.loops[code].title}”流程，新版本没有它：它们按登记时的版本办完，不能换版本。"
            )
    for code, loop in before.loops.items():
        if code in after.loops:
            said += _in_stages(here.filter(loop=code), loop, after.loops[code])
            said += _on_clocks(here.filter(loop=code), loop, after.loops[code])
    return said


def _in_stages(here: QuerySet[Matter], old: CompiledLoop, new: CompiledLoop) -> list[str]:
    gone = [stage for stage in old.stages if stage not in new.stages or stage in new.ends]
    if not gone:
        return []
    rows = dict(here.filter(stage__in=gone).values_list("stage").annotate(n=Count("pk")))
    return [
        f"{rows[stage]}件在办事项停在“{old.stages[stage]}”，新版本没有这个阶段：{STAY}要指定一个阶段。"
        for stage in gone
        if stage in rows
    ]


def _on_clocks(here: QuerySet[Matter], old: CompiledLoop, new: CompiledLoop) -> list[str]:
    gone = [code for code in old.clocks if code not in new.clocks]
    if not gone:
        return []
    running = Clock.objects.filter(matter__in=here, stopped_at__isnull=True, code__in=gone).order_by()
    rows = dict(running.values_list("code").annotate(n=Count("matter_id", distinct=True)))
    return [
        f"{rows[code]}件在办事项正在计“{old.clocks[code].title or code}”的期限，新版本没有它：{STAY}它停下来，没有超期的不算超期。"
        for code in gone
        if code in rows
    ]
