"""A loop as a street secretary reads it: the way, the acts, the deadlines, the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from youying.packs import words
from youying.packs.chinese import LITTLE_WORDS, Namer, either, join, time_in_words
from youying.packs.compiled import SIDE_VERBS, main_order
from youying.packs.schema_loop import Act, Approve, Clock, Extend, Loop, Part, Rung, Silence

Mine = Callable[[str], bool]
_ON = {
    "close": "结论齐了，系统自动办",
    "unsolved": "居民说没解决，系统自动办",
    "parts": "子任务都办完，系统自动办",
    "due": "约定日期到了，系统自动办",
}


def loop_lines(name: str, loop: Loop, named: Namer, mine: Mine) -> Iterator[str]:
    """The page of one loop; of a variant, only what differs from its base."""
    variant = loop.like if loop.like in named.pack.loop else None
    yield f"【{loop.title}】{_head(loop, named)}"
    yield f"  怎么走：{_way(loop)}"
    if variant:
        yield f"  照“{named.pack.loop[variant].title}”办，下面只列不同的地方。"
    shown = _shown(name, mine, only_mine=variant is not None)
    marked = _marks(name, mine, variant is None)
    for act_name, act in loop.acts.items():
        if shown(f"acts.{act_name}"):
            yield f"  · {_act(name, act_name, act, named)}{marked(f'acts.{act_name}')}"
    for clock_name, clock in loop.clocks.items():
        if shown(f"clocks.{clock_name}"):
            yield f"  时限 {_clock(name, clock_name, clock, named)}{marked(f'clocks.{clock_name}')}"
    yield from _parts(name, loop, named, shown)
    if shown("close"):
        yield from _close(name, loop, named)
    if loop.merge and shown("merge"):
        yield f"  可能重复：{time_in_words(loop.merge.over)}内{_same(loop)}相同的，提示可能重复，由人来并。"


def _shown(name: str, mine: Mine, *, only_mine: bool) -> Callable[[str], bool]:
    return lambda part: not only_mine or mine(f"loop.{name}.{part}")


def _marks(name: str, mine: Mine, wanted: bool) -> Callable[[str], str]:
    """Mark what this pack said where the loop itself comes from another."""
    inherited = wanted and not mine(f"loop.{name}.kind")
    return lambda part: "〔本包〕" if inherited and mine(f"loop.{name}.{part}") else ""


def _head(loop: Loop, named: Namer) -> str:
    parts = [words.KINDS[loop.kind]]
    if loop.tier:
        parts.append(f"从{words.TIERS[loop.tier]}办起")
    if loop.where:
        parts.append(f"用于{named.tests(loop.where)}的事项")
    if loop.protects:
        who = {"reporter": "诉求人", "party": "当事人", "person": "本人"}
        parts.append(f"{join(who[one] for one in loop.protects)}身份另加保护")
    return "，".join(parts)


def _same(loop: Loop) -> str:
    names = {"reporter": "诉求人", "category": "分类", "place": "地点", "cause": "起因", "party": "当事人"}
    return join(names[one] for one in (loop.merge.same if loop.merge else []))


def _way(loop: Loop) -> str:
    entered = {act.to for name, act in loop.acts.items() if (act.verb or name) not in SIDE_VERBS}
    order = main_order(loop)
    main = [stage for stage in order if stage == order[0] or stage in entered or stage in loop.ends]
    side = [stage for stage in order if stage not in main]
    more = f"；另有{join(f'“{loop.stages[stage]}”' for stage in side)}" if side else ""
    return " → ".join(loop.stages.get(stage, stage) for stage in main) + more


def _act(loop_name: str, name: str, act: Act, named: Namer) -> str:
    who = named.either([one for one in act.by if one != "system"])
    asked = ([_trigger(act.on, loop_name, named)] if act.on else []) + ([f"由{who}办"] if who else [])
    parts = ["，".join([f"{named.act(loop_name, name)}：{'，也可'.join(asked)}", *_moves(loop_name, act, named)])]
    parts += _conditions(loop_name, act, named)
    return "；".join(parts) + "。"


def _trigger(on: str, loop_name: str, named: Namer) -> str:
    kind, _, clock = on.partition(":")
    if kind not in ("clock", "met"):
        return _ON[kind]
    known = named.pack.loop[loop_name].clocks.get(clock)
    title = (known.title if known else "") or named.act(loop_name, clock)
    return f"“{title}”到期，系统自动办" if kind == "clock" else f"“{title}”各方都完成，系统自动办"


def _moves(loop_name: str, act: Act, named: Namer) -> list[str]:
    loop = named.pack.loop[loop_name]
    stages = either([f"“{named.stage(loop_name, stage)}”" for stage in act.from_])
    anywhere = len(act.from_) > 2 and {*act.from_, *loop.ends} == set(loop.stages)
    moves = ["销号前随时" if anywhere else f"在{stages}时"]
    if act.to:
        moves.append(f"转到“{named.stage(loop_name, act.to)}”")
    return moves


def _conditions(loop_name: str, act: Act, named: Namer) -> list[str]:
    tier = {"up": "提到上一级", "down": "退到下一级"}.get(act.tier or "", f"由{named.actor(act.tier or '')}来管")
    said: list[tuple[object, Callable[[], str]]] = [
        (act.where, lambda: f"只限{named.tests(act.where)}的"),
        (act.needs or act.sheet, lambda: f"须有{join(_needs(act, named))}"),
        (act.reason, lambda: f"系统办时写明“{named.named('reasons', act.reason or '')}”"),
        (act.approve, lambda: _approve(loop_name, act.approve, named)),
        (act.not_by, lambda: f"不得由办过“{named.acts(loop_name, act.not_by)}”的人来办"),
        (act.assigns, lambda: f"定下{named.who(act.assigns)}"),
        (act.units, lambda: f"只能点{named.who(act.units)}"),
        (act.opens, lambda: join(_opened(text, named) for text in act.opens)),
        (act.tier, lambda: tier),
        (act.most, lambda: f"最多{act.most}次"),
        (act.tells, lambda: f"告知{named.who(act.tells)}"),
    ]
    return [say() for wanted, say in said if wanted]


def _opened(text: str, named: Namer) -> str:
    return f"列入{named.ref(text)}" if text.startswith("put:") else f"另开一件{named.ref(text)}"


def _needs(act: Act, named: Namer) -> list[str]:
    said = [need_in_words(need, named) for need in act.needs]
    if act.sheet and f"sheet:{act.sheet}" not in act.needs:
        said.append(f"“{named.named('sheet', act.sheet)}”")
    return said


def need_in_words(need: str, named: Namer) -> str:
    """One proof."""
    word, colon, name = need.partition(":")
    if word == "attempts":
        return f"至少{name}次联系记录" if colon else words.NEEDS[word]
    if not colon:
        return words.NEEDS[word]
    title = named.named(word, name)
    return f"“{title}”" if word == "sheet" else f"“{title}”的{words.NEEDS[word]}"


def _approve(loop_name: str, approve: Approve | None, named: Namer) -> str:
    if approve is None:
        return ""
    refused = approve.refused or "stay"
    back = "不同意就不变" if refused == "stay" else f"不同意退到“{named.stage(loop_name, refused)}”"
    silent = f"，{time_in_words(approve.within)}不答复{LITTLE_WORDS[approve.silent]}" if approve.within else ""
    return f"须{named.either(approve.by)}同意（{back}{silent}）"


def _clock(loop_name: str, name: str, clock: Clock, named: Namer) -> str:
    title = clock.title or named.act(loop_name, name if name in named.pack.loop[loop_name].acts else clock.to[0])
    parts = [f"{title}：自{named.acts(loop_name, clock.from_)}起{_limit(clock, named)}"]
    if clock.right:
        parts.append(f"这是{named.who(clock.right)}的权利期，过期失效，不算超期")
    if clock.each:
        parts.append(f"每个{named.actor(clock.each)}各计各的")
    if clock.pause:
        parts.append(f"{named.acts(loop_name, clock.pause)}期间停表")
    if clock.extend:
        parts.append(_extend(clock.extend, named))
    if clock.counting == "elapsed":
        parts.append("只累计工作时间")
    parts += [rung_in_words(rung, named) for rung in clock.ladder]
    return "；".join(parts) + "。"


def _limit(clock: Clock, named: Namer) -> str:
    wait = f"至少等{time_in_words(clock.wait)}" if clock.wait else ""
    if clock.within is None:
        return wait
    if clock.within == "given":
        latest = "到当次约定的日期为止"
    elif isinstance(clock.within, Mapping):
        latest = (
            join(
                f"{named.value(clock.per or '', k) if k != 'else' else '其余'}{time_in_words(v)}"
                for k, v in clock.within.items()
            )
            + "内"
        )
    else:
        latest = f"{time_in_words(clock.within)}内"
    return f"{wait}、最迟{latest}" if wait else latest


def _extend(extend: Extend, named: Namer) -> str:
    before = (
        f"到期当日{extend.ask_before}前" if ":" in extend.ask_before else f"到期{time_in_words(extend.ask_before)}前"
    )
    by = f"{time_in_words(extend.by)}" if extend.by else "到批准的日期"
    times = "一次" if extend.most == 1 else f"{extend.most}次"
    return f"{before}可申请延长{by}，经{named.either(extend.approve.by)}同意，限{times}"


def rung_in_words(rung: Rung, named: Namer) -> str:
    """One step of a ladder."""
    if rung.at.endswith("%"):
        when = f"用去{rung.at}"
    else:
        when = "到期" if rung.at == "due" else f"过期{time_in_words(rung.at.removeprefix('due + '))}"
    if rung.do == "watch-by":
        whom = "上一级" if rung.to in ("", "up") else named.actor(rung.to)
        return f"{when}请{whom}关注"
    return f"{when}{words.LADDER[rung.do]}{('：' if rung.do == 'propose-supervision' else '') + named.actor(rung.to)}"


def _parts(name: str, loop: Loop, named: Namer, shown: Callable[[str], bool]) -> Iterator[str]:
    if loop.parts and (shown("parts") or shown("parts_on")):
        opener = named.act(name, loop.parts_on or "")
        yield f"  分头办（{opener}时开出）：{'；'.join(_part(part, loop, named) for part in loop.parts.values())}。"
    if loop.adds_parts and shown("adds_parts"):
        yield f"  {named.acts(name, loop.adds_parts)}时可以再列任务，各有责任人和期限，一件件跟到底。"


def _part(part: Part, loop: Loop, named: Namer) -> str:
    after = f"，等{join(loop.parts[one].title for one in part.after)}" if part.after else ""
    within = f"，{time_in_words(part.within)}" if part.within else ""
    by_loop = f"，走{named.ref(f'loop:{part.loop}')}流程" if part.loop else ""
    return f"{part.title}（{named.actor(part.to)}{within}{after}{by_loop}）"


def _close(name: str, loop: Loop, named: Namer) -> Iterator[str]:
    close = loop.close
    if close.verdict:
        yield f"  怎么算完：{join(words.PROOFS[proof] for proof in close.verdict)}{'，缺一不可' if len(close.verdict) > 1 else ''}，才销号。"
    if close.silence:
        yield f"  联系不上：{_silence(close.silence)}，可以销号，但不算满意、另行剔除。"
    if close.rework:
        yield f"  没解决：退回“{named.stage(name, close.rework)}”重办，编号不变，次数照记。"
    if close.reasons:
        yield f"  依规终结（须选理由）：{'；'.join(_reason(code, named) for code in close.reasons)}。"
    if close.reopen:
        yield f"  翻案：销号后{time_in_words(close.reopen.within)}内，{named.either(close.reopen.by)}可以提出，回到“{named.stage(name, close.reopen.to)}”。"
    if close.spot_check:
        yield f"  抽查：销号后按“{named.named('draw', close.spot_check)}”复核。"


def _silence(silence: Silence) -> str:
    ways = join(LITTLE_WORDS[way] for way in silence.ways)
    return f"用{ways}联系过{silence.attempts}次、前后满{time_in_words(silence.over)}仍无回应"


def _reason(code: str, named: Namer) -> str:
    reason = named.pack.reasons.get(code)
    if reason is None:
        return code
    return reason.title + (f"（{reason.clause}）" if reason.clause else "")
