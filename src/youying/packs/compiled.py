"""Loops as the engine runs them: frozen tables with every duration read and every default filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from youying.kernel.durations import Duration, parse_duration
from youying.packs import words
from youying.packs.predicates import NO_PARAMS, matches
from youying.packs.schema import Pack
from youying.packs.schema_loop import Act, Approve, Clock, Extend, Loop, Merge, Part, Reopen, Rung, Silence

GIVEN = "given"
ELSE = "else"
SIDE_VERBS = frozenset({"rework", "hand-back", "park", "end", "merge", "refer", "object", "escalate"})


@dataclass(frozen=True, slots=True)
class CompiledNeed:
    """A proof an act asks for: its word, and what follows the colon (a name, or the least count of attempts)."""

    word: str
    name: str = ""
    least: int = 1


@dataclass(frozen=True, slots=True)
class CompiledApprove:
    """Who approves, in what time, where a refusal leads (a stage, or "stay"), and what silence means."""

    by: tuple[str, ...]
    within: Duration | None
    refused: str
    silent: str


@dataclass(frozen=True, slots=True)
class CompiledAct:
    """One act of a loop; `title` is what people read, `verb` what facts and rates hang on."""

    id: str
    verb: str
    title: str
    from_stages: frozenset[str]
    to: str | None
    by: tuple[str, ...]
    where: Mapping[str, Any]
    needs: tuple[CompiledNeed, ...]
    sheet: str | None
    reason: str | None
    approve: CompiledApprove | None
    assigns: tuple[str, ...]
    units: tuple[str, ...]
    opens: tuple[str, ...]
    tells: tuple[str, ...]
    not_by: tuple[str, ...]
    on: str | None
    tier: str | None
    most: int | None

    def needs_word(self, word: str) -> bool:
        """Whether the act asks for this proof."""
        return any(need.word == word for need in self.needs)


@dataclass(frozen=True, slots=True)
class CompiledRung:
    """A step of a ladder: at a share of used time, or so long after the deadline (None = at it)."""

    at: str
    percent: int | None
    after: Duration | None
    do: str
    to: str


@dataclass(frozen=True, slots=True)
class CompiledExtend:
    """How a deadline may be extended; one of `before` and `hour` ("17:00") is set."""

    before: Duration | None
    hour: str | None
    by: Duration | None
    most: int
    approve: CompiledApprove


@dataclass(frozen=True, slots=True)
class CompiledClock:
    """One clock: `within` is a duration, "given", a table by the fact `per` (with "else"), or None."""

    id: str
    title: str
    start_on: frozenset[str]
    stop_on: frozenset[str]
    within: Duration | str | Mapping[str, Duration] | None
    wait: Duration | None
    right: tuple[str, ...]
    per: str | None
    pause: frozenset[str]
    resume: frozenset[str]
    each: str | None
    extend: CompiledExtend | None
    ladder: tuple[CompiledRung, ...]
    counting: str

    def limit(self, facts: Mapping[str, Any]) -> Duration | str | None:
        """The duration that applies to these facts ("given" and None as they stand)."""
        if not isinstance(self.within, Mapping):
            return self.within
        return self.within.get(str(facts.get(self.per or "")), self.within.get(ELSE))


@dataclass(frozen=True, slots=True)
class CompiledPart:
    """A child commitment that always recurs."""

    id: str
    title: str
    to: str
    loop: str | None
    after: tuple[str, ...]
    within: Duration | None


@dataclass(frozen=True, slots=True)
class CompiledSilence:
    """When nobody answers: so many attempts over so long a time, in these ways."""

    attempts: int
    over: Duration
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledReopen:
    """How long after crossing off, to which stage and by whom a matter may be taken up again."""

    within: Duration
    to: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledClose:
    """The proofs that crossing off asks for, and the lawful ways around them."""

    verdict: tuple[str, ...]
    silence: CompiledSilence | None
    reasons: tuple[str, ...]
    rework: str | None
    reopen: CompiledReopen | None
    spot_check: str | None


@dataclass(frozen=True, slots=True)
class CompiledMerge:
    """What must be equal, within how long, for a likely duplicate to be shown."""

    same: tuple[str, ...]
    over: Duration


@dataclass(frozen=True, slots=True)
class CompiledLoop:
    """A loop ready to run; `stages` are in the order of the main path, ends last."""

    code: str
    kind: str
    title: str
    like: str | None
    tier: str | None
    where: Mapping[str, Any]
    sheet: str | None
    stages: Mapping[str, str]
    start: str
    ends: frozenset[str]
    acts: Mapping[str, CompiledAct]
    clocks: Mapping[str, CompiledClock]
    parts: Mapping[str, CompiledPart]
    parts_on: str | None
    adds_parts: tuple[str, ...]
    close: CompiledClose
    lamps: tuple[int, int]
    protects: frozenset[str]
    merge: CompiledMerge | None

    def acts_from(self, stage: str) -> list[CompiledAct]:
        """The acts that the table allows in a stage, in the order written."""
        return [act for act in self.acts.values() if stage in act.from_stages]

    def acts_of(self, *verbs: str) -> list[CompiledAct]:
        """The acts with one of these verbs."""
        return [act for act in self.acts.values() if act.verb in verbs]

    def clocks_started_by(self, act: str) -> list[CompiledClock]:
        """The clocks an act starts; "open" is intake."""
        return [clock for clock in self.clocks.values() if act in clock.start_on]


def compile_loops(pack: Pack) -> Mapping[str, CompiledLoop]:
    """All loops of a pack, by code."""
    return MappingProxyType({code: _loop(code, loop) for code, loop in pack.loop.items()})


def choose_loop(
    loops: Iterable[CompiledLoop], kind: str, facts: Mapping[str, Any], *, params: Mapping[str, Any] = NO_PARAMS
) -> CompiledLoop | None:
    """The loop for a new matter: the most specific `where` that holds, else the first plain loop of the kind."""
    mine = [loop for loop in loops if loop.kind == kind]
    fitting = [loop for loop in mine if loop.where and matches(loop.where, facts, params=params)]
    if fitting:
        return max(fitting, key=lambda loop: len(loop.where))
    plain = [loop for loop in mine if not loop.where]
    return next((loop for loop in plain if loop.like is None), plain[0] if plain else None)


def main_order(loop: Loop) -> list[str]:
    """The stages as a matter usually passes them, ends last; stages off the main path before the ends."""
    seen: set[str] = set()
    order: list[str] = []

    def walk(stage: str) -> None:
        if stage in seen or stage in loop.ends:
            return
        seen.add(stage)
        for name, act in loop.acts.items():
            if act.to and _leads_on(name, act, stage):
                walk(act.to)
        order.insert(0, stage)

    walk(next(iter(loop.stages)))
    rest = [stage for stage in loop.stages if stage not in order and stage not in loop.ends]
    return _by_position([*order, *rest], loop) + [stage for stage in loop.stages if stage in loop.ends]


def _leads_on(name: str, act: Act, stage: str) -> bool:
    return stage in act.from_ and (act.verb or name) not in SIDE_VERBS


def _by_position(order: list[str], loop: Loop) -> list[str]:
    """Side stages (entered only by side verbs) go to the end of the running stages."""
    main = {act.to for name, act in loop.acts.items() if (act.verb or name) not in SIDE_VERBS}
    start = order[0]
    return [s for s in order if s == start or s in main] + [s for s in order if s != start and s not in main]


def _loop(code: str, loop: Loop) -> CompiledLoop:
    return CompiledLoop(
        code=code,
        kind=loop.kind,
        title=loop.title,
        like=loop.like,
        tier=loop.tier,
        where=MappingProxyType(dict(loop.where)),
        sheet=loop.sheet,
        stages=MappingProxyType({stage: loop.stages[stage] for stage in main_order(loop)}),
        start=next(iter(loop.stages)),
        ends=frozenset(loop.ends),
        acts=MappingProxyType({name: _act(name, act) for name, act in loop.acts.items()}),
        clocks=MappingProxyType({name: _clock(name, clock) for name, clock in loop.clocks.items()}),
        parts=MappingProxyType({name: _part(name, part) for name, part in loop.parts.items()}),
        parts_on=loop.parts_on,
        adds_parts=tuple(loop.adds_parts),
        close=_close(loop),
        lamps=(loop.lamps[0], loop.lamps[1]),
        protects=frozenset(loop.protects),
        merge=_merge(loop.merge),
    )


def _act(name: str, act: Act) -> CompiledAct:
    verb = str(act.verb or name)
    return CompiledAct(
        id=name,
        verb=verb,
        title=act.title or words.VERBS.get(verb, verb),
        from_stages=frozenset(act.from_),
        to=act.to,
        by=tuple(act.by),
        where=MappingProxyType(dict(act.where)),
        needs=tuple(_need(text) for text in act.needs),
        sheet=act.sheet,
        reason=act.reason,
        approve=_approve(act.approve) if act.approve else None,
        assigns=tuple(act.assigns),
        units=tuple(act.units),
        opens=tuple(act.opens),
        tells=tuple(act.tells),
        not_by=tuple(act.not_by),
        on=act.on,
        tier=act.tier,
        most=act.most,
    )


def _need(text: str) -> CompiledNeed:
    word, _, tail = text.partition(":")
    if word == "attempts":
        return CompiledNeed(word, least=int(tail) if tail.isdigit() else 1)
    return CompiledNeed(word, name=tail)


def _approve(approve: Approve) -> CompiledApprove:
    return CompiledApprove(tuple(approve.by), _time(approve.within), approve.refused or "stay", approve.silent)


def _time(text: str | None) -> Duration | None:
    return None if text is None else parse_duration(text)


def _clock(name: str, clock: Clock) -> CompiledClock:
    return CompiledClock(
        id=name,
        title=clock.title or words.VERBS.get(name, name),
        start_on=frozenset(clock.from_),
        stop_on=frozenset(clock.to),
        within=_within(clock),
        wait=_time(clock.wait),
        right=tuple(clock.right),
        per=clock.per,
        pause=frozenset(clock.pause),
        resume=frozenset(clock.resume),
        each=clock.each,
        extend=_extend(clock.extend) if clock.extend else None,
        ladder=tuple(_rung(rung) for rung in clock.ladder),
        counting=clock.counting,
    )


def _within(clock: Clock) -> Duration | str | Mapping[str, Duration] | None:
    if isinstance(clock.within, dict):
        return MappingProxyType({value: parse_duration(text) for value, text in clock.within.items()})
    return GIVEN if clock.within == GIVEN else _time(clock.within)


def _extend(extend: Extend) -> CompiledExtend:
    hour = extend.ask_before if ":" in extend.ask_before else None
    before = None if hour else _time(extend.ask_before)
    return CompiledExtend(before, hour, _time(extend.by), extend.most, _approve(extend.approve))


def _rung(rung: Rung) -> CompiledRung:
    percent = int(rung.at[:-1]) if rung.at.endswith("%") else None
    after = parse_duration(rung.at.removeprefix("due + ")) if " + " in rung.at else None
    return CompiledRung(rung.at, percent, after, rung.do, rung.to)


def compile_rungs(rungs: Iterable[Rung]) -> tuple[CompiledRung, ...]:
    """The ladder of a rhythm, read the same way."""
    return tuple(_rung(rung) for rung in rungs)


def _part(name: str, part: Part) -> CompiledPart:
    return CompiledPart(name, part.title, part.to, part.loop, tuple(part.after), _time(part.within))


def _close(loop: Loop) -> CompiledClose:
    close = loop.close
    return CompiledClose(
        verdict=tuple(close.verdict),
        silence=_silence(close.silence),
        reasons=tuple(close.reasons),
        rework=close.rework,
        reopen=_reopen(close.reopen),
        spot_check=close.spot_check,
    )


def _silence(silence: Silence | None) -> CompiledSilence | None:
    if silence is None:
        return None
    return CompiledSilence(silence.attempts, parse_duration(silence.over), tuple(silence.ways))


def _reopen(reopen: Reopen | None) -> CompiledReopen | None:
    if reopen is None:
        return None
    return CompiledReopen(parse_duration(reopen.within), reopen.to, tuple(reopen.by))


def _merge(merge: Merge | None) -> CompiledMerge | None:
    return None if merge is None else CompiledMerge(tuple(merge.same), parse_duration(merge.over))
