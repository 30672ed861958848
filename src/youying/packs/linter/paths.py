"""Stages: reachable, leading to an end, and by a main path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from youying.packs import words
from youying.packs.compiled import SIDE_VERBS
from youying.packs.linter.reading import Reading
from youying.packs.schema_loop import Act, Loop

ENDING_VERBS = frozenset({"cross-off", "end", "merge", "refer", "decide"})
ESSENTIAL: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "demand": (("dispatch", "accept"), ("contact",), ("complete", "deliver"), ("verdict", "recheck")),
    "hazard": (("complete",), ("recheck", "verdict")),
    "dispute": (("meet", "contact"), ("agree",)),
    "topic": (("meet", "publish"), ("agree", "decide", "dispatch")),
    "order": (("dispatch", "judge"), ("accept", "report-in"), ("deliver",)),
    "application": (("accept",), ("decide",), ("deliver",)),
    "project": (("accept", "supervise"), ("complete",)),
    "emergency": (("accept",), ("report-in",), ("deliver",)),
    "commitment": (("accept",), ("complete",)),
}

Edges = dict[str, set[str]]


def check_paths(reading: Reading, name: str, loop: Loop) -> None:
    """L01, L02, L13 and L29 of one loop."""
    if not loop.stages:
        reading.fault("L02", f"loop.{name}.stages", "没有任何阶段。", "请写阶段，第一个是起点。")
        return
    _ends(reading, name, loop)
    edges = _edges(loop.acts.items())
    start = next(iter(loop.stages))
    reached = reach({start}, edges)
    leading = reach(set(loop.ends), backwards(edges))
    main = reach(set(loop.ends), backwards(_edges(_main_acts(loop))))
    for stage, title in loop.stages.items():
        key = f"loop.{name}.stages.{stage}"
        if stage not in reached:
            reading.fault("L01", key, f"阶段“{title}”走不到。", f"请让某个动作的 to 写 {stage}，或删去这个阶段。")
        if stage not in leading:
            reading.fault("L02", key, f"阶段“{title}”走不出去，到不了终点。", f"请写一个 from 含 {stage} 的动作。")
        elif stage not in main:
            remedy = f"请写一个 from 含 {stage}、通向销号的动作（终结、移送、退回、提级不算）。"
            reading.fault("L29", key, f"阶段“{title}”只剩终结、退回一类的旁路，正常走不完。", remedy)
    check_essentials(reading, name, loop)
    _whistles(reading, name, loop)


def _whistles(reading: Reading, name: str, loop: Loop) -> None:
    """L29: whoever is whistled for can answer."""
    whistled = [act_name for act_name, act in loop.acts.items() if "summoned" in act.assigns]
    answered = any("summoned" in act.by for act in loop.acts.values())
    if whistled and not answered and not any(clock.each == "summoned" for clock in loop.clocks.values()):
        say = "吹了哨，却没有动作让被吹哨的人报到。"
        remedy = '请写一个 by 含 "summoned" 的 report-in 动作，或一只 each = "summoned" 的时钟。'
        reading.fault("L29", f"loop.{name}.acts.{whistled[0]}", say, remedy)


def _ends(reading: Reading, name: str, loop: Loop) -> None:
    for end in loop.ends:
        reading.expect(f"loop.{name}.ends", end, loop.stages, what="阶段")
    if not loop.ends:
        reading.fault("L02", f"loop.{name}.ends", "没有终点阶段。", "请在 ends 里写明终点。")
    for act_name, act in loop.acts.items():
        verb = str(act.verb or act_name)
        if act.to in loop.ends and verb in words.VERBS and verb not in ENDING_VERBS:
            key = f"loop.{name}.acts.{act_name}"
            say = f"动作“{words.VERBS[verb]}”直接结束了事项。"
            reading.fault("L13", key, say, "办结不等于销号：请先进入办结阶段，再由 cross-off 销号。")


def check_essentials(reading: Reading, name: str, loop: Loop) -> None:
    """L29: the acts without which a matter of this kind leaves no facts for its rates."""
    verbs = {str(act.verb or act_name) for act_name, act in loop.acts.items()}
    for options in ESSENTIAL[loop.kind]:
        if not verbs & set(options):
            titles = "或".join(f"{verb}（{words.VERBS[verb]}）" for verb in options)
            say = f"“{words.KINDS[loop.kind]}”这种事项缺少{titles}，办理情况统计不出来。"
            reading.fault("L29", f"loop.{name}.acts", say, "请补上这个动作（可另起本地名称，用 verb 指明）。")


def _main_acts(loop: Loop) -> list[tuple[str, Act]]:
    return [(name, act) for name, act in loop.acts.items() if (act.verb or name) not in SIDE_VERBS]


def _edges(acts: Iterable[tuple[str, Act]]) -> Edges:
    edges: Edges = {}
    for _, act in acts:
        for stage in act.from_:
            edges.setdefault(stage, set()).update(_targets(stage, act))
    return edges


def _targets(stage: str, act: Act) -> set[str]:
    refused = act.approve.refused if act.approve else None
    return {act.to or stage} | ({refused} if refused and refused != "stay" else set())


def backwards(edges: Edges) -> Edges:
    """The same edges, turned round."""
    out: Edges = {}
    for start, targets in edges.items():
        for target in targets:
            out.setdefault(target, set()).add(start)
    return out


def reach(start: set[str], edges: Edges) -> set[str]:
    """All that can be reached."""
    seen, todo = set(start), list(start)
    while todo:
        new = edges.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


def cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """One circle of a graph, closed; empty when there is none."""

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        return next((ring for nxt in graph.get(node, ()) if (ring := walk(nxt, [*path, node]))), [])

    return next((ring for node in graph if (ring := walk(node, []))), [])
