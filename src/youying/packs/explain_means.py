"""Everything beside loops, a sentence each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from youying.packs import words
from youying.packs.chinese import DAYS, DOES, EVERY, LITTLE_WORDS, Namer, fraction_in_words, join, time_in_words
from youying.packs.explain_loop import need_in_words, rung_in_words
from youying.packs.schema_means import Assessment, Decision, Draw, Forum, Ledger, Publication, Purse, Share, Watch
from youying.packs.schema_rhythm import Item, Menu, MenuItem, Plan, Register, Rhythm, Roster, Sheet

_COUNTS = {"area": "面积", "heads": "人数", "seats": "席位", "households": "户数"}
_OF = {"cast": "参与表决的", "present": "到会的", "due": "应到会的", "entitled": "全体有表决权的"}
_MONEY = {"yuan": "元", "points": "分", "hours": "小时"}
_TOWARDS = {"": "对", "forum": "在", "publication": "为", "assessment": "对", "ledger": "按"}
_POOLS = {"home": "全部住户", "person": "全部居民", "building": "全部楼栋", "grid": "全部网格", "compound": "全部小区"}
_RUNS = {"forum": "召开", "publication": "发布", "assessment": "进行", "ledger": "形成"}


def rhythm_line(rhythm: Rhythm, named: Namer) -> str:
    """What recurs."""
    parts = [f"{_when(rhythm, named)}{_population(rhythm, named)}{_does(rhythm, named)}，由{named.who(rhythm.by)}负责"]
    if rhythm.with_:
        parts.append(f"{named.who(rhythm.with_)}一起")
    if rhythm.sheet:
        parts.append(f"填“{named.named('sheet', rhythm.sheet)}”")
    if rhythm.opens:
        parts.append(f"发现问题另开{join(named.ref(text) for text in rhythm.opens)}")
    if rhythm.unmet:
        then = join(consequence(text, named) for text in rhythm.unmet.then)
        again = f"没见到，{time_in_words(rhythm.unmet.again)}后再去，最多{rhythm.unmet.most}次"
        parts.append(f"{again}，仍没见到就{then}")
    parts += [rung_in_words(rung, named) for rung in rhythm.ladder]
    if rhythm.coverage:
        parts.append("逐一看覆盖，不漏一处")
    return "；".join(parts)


def _when(rhythm: Rhythm, named: Namer) -> str:
    said = []
    if rhythm.during:
        said.append(f"{rhythm.during[0]}至{rhythm.during[-1]}")
    if rhythm.on:
        said.append(f"每周{'、周'.join(DAYS[day] for day in rhythm.on)}")
    elif rhythm.date:
        said.append(f"“{named.fact(rhythm.date)}”当日")
    elif isinstance(rhythm.every, Mapping):
        said.append(
            "按"
            + named.fact(rhythm.per or "")
            + "分："
            + join(
                f"{named.value(rhythm.per or '', value) if value != 'else' else '其余'}{EVERY[every]}"
                for value, every in rhythm.every.items()
            )
        )
    else:
        said.append(EVERY[str(rhythm.every)])
    if rhythm.hours:
        said.append(join(rhythm.hours))
    if rhythm.within:
        said.append(f"{time_in_words(rhythm.within)}内")
    return "，".join(said) + "，"


def _population(rhythm: Rhythm, named: Namer) -> str:
    where = {fact: test for fact, test in rhythm.where.items() if fact != "class"}
    kinds = rhythm.where.get("class")
    whom = _whom(rhythm.of, named)
    if kinds is not None:
        listed = kinds if isinstance(kinds, list) else [kinds]
        whom = f"{whom}中的{join(named.value('class', kind) for kind in listed)}"
    return f"{_TOWARDS[_runs(rhythm)]}{whom}" + (f"（{named.tests(where)}的）" if where else "")


def _runs(rhythm: Rhythm) -> str:
    return (rhythm.runs or "").partition(":")[0]


def _whom(of: str, named: Namer) -> str:
    return words.POPULATIONS.get(of) or named.ref(of)


def _does(rhythm: Rhythm, named: Namer) -> str:
    if not rhythm.runs:
        return DOES[rhythm.does]
    kind = rhythm.runs.partition(":")[0]
    return f"{_RUNS[kind]}{named.ref(rhythm.runs)}"


def consequence(text: str, named: Namer) -> str:
    """What follows."""
    kind, _, name = text.partition(":")
    says: dict[str, Callable[[], str]] = {
        "tell": lambda: f"告知{named.actor(name)}",
        "open": lambda: f"另开一件“{named.named('loop', name)}”",
        "put": lambda: f"列入“{named.named('register', name)}”",
        "publish": lambda: f"发布“{named.named('publication', name)}”",
    }
    return says[kind]() if kind in says else text


def _sheet(sheet: Sheet, named: Namer) -> str:
    return f"表单：{sheet.title}，填{join(_item(item) for item in sheet.items.values())}"


def _item(item: Item) -> str:
    notes = [
        item.unit,
        "可不填" if not item.must else "",
        "脱敏" if item.mask else "",
        "发现问题即另开事项" if item.opens else "",
    ]
    said = join(note for note in notes if note)
    return item.title + (f"（{said}）" if said else "")


def _roster(roster: Roster, named: Namer) -> str:
    days = f"每周{'、周'.join(DAYS[day] for day in roster.days)}" if roster.days and len(roster.days) < 7 else "每天"
    season = f"（{roster.during[0]}至{roster.during[-1]}）" if roster.during else ""
    public = "，电话向居民公开" if roster.published else ""
    return f"值班：{roster.title}{season}，{named.who(roster.posts)}，{days}{join(roster.hours)}{public}"


def _register(register: Register, named: Namer) -> str:
    kinds = f"，分{join(register.classes.values())}" if register.classes else ""
    enter = f"，由{named.who(register.enter)}列入" if register.enter else ""
    leave = join(named.pack.reasons[code].title for code in register.leave if code in named.pack.reasons)
    out = f"，移出的理由：{leave}" if leave else ""
    keeper = f"，责任人{named.actor(register.keeper)}" if register.keeper else ""
    return f"名册：{register.title}{kinds}{keeper}{enter}{out}"


def _menu(menu: Menu, named: Namer) -> str:
    items = join(f"{item.title}（{named.either(item.by)}{_limits(item, named)}）" for item in menu.items.values())
    return f"菜单：{menu.title}有{items}，点了走“{named.named('loop', menu.loop)}”"


def _limits(item: MenuItem, named: Namer) -> str:
    within = f"，{time_in_words(item.within)}内" if item.within else ""
    return within + (f"，限{named.tests(item.where)}" if item.where else "")


def _plan(plan: Plan, named: Namer) -> str:
    return f"安排：{plan.title}（程序出方案，由{named.who(plan.by)}来定）"


def _forum(forum: Forum, named: Namer) -> str:
    seats = join(f"{named.actor(who)}{least}名" for who, least in forum.seats.items())
    parts = [f"{named.either(forum.host)}召集"]
    if seats:
        parts.append(f"至少有{seats}到场")
    if forum.notice:
        parts.append(f"提前{time_in_words(forum.notice)}通知")
    if forum.called_by:
        parts.append(f"{named.who(forum.called_by)}可以提议召开")
    if forum.decision:
        parts.append(f"按“{named.named('decision', forum.decision)}”定")
    return f"议事：{forum.title}，{'，'.join(parts)}，议题走“{named.named('loop', forum.loop)}”"


def _decision(decision: Decision, named: Namer) -> str:
    counts = "和".join(_COUNTS[count] for count in decision.counts)
    voters = named.ref(decision.voters)
    passing = f"{_OF[decision.pass_of]}{counts}{fraction_in_words(decision.pass_)}同意才通过"
    parts = [f"{voters}表决，{counts}{fraction_in_words(decision.turnout)}参与", passing]
    if decision.notice:
        parts.append(f"提前{time_in_words(decision.notice)}公告")
    if decision.open_for:
        parts.append(f"投票期{'至'.join(time_in_words(one) for one in decision.open_for)}")
    if decision.proxies is not None:
        parts.append(f"一人最多代{decision.proxies}票")
    if decision.secret:
        parts.append("无记名")
    clause = f"（{decision.clause}）" if decision.clause else ""
    return f"表决：{decision.title}{clause}，{'；'.join(parts)}"


def _share(share: Share, named: Namer) -> str:
    sides = join(f"{'居民' if who == 'homes' else named.actor(who)}{part}" for who, part in share.sides.items())
    collect = f"，{time_in_words(share.collect)}内收齐" if share.collect else ""
    agreed = "可以另行商定，起点为" if share.agreed else ""
    return f"分摊：{share.title}，{agreed}{sides}{collect}，收进“{named.named('purse', share.purse)}”"


def _draw(draw: Draw, named: Namer) -> str:
    pick = "每家一签" if draw.pick == "all" else f"抽{draw.pick}{'' if draw.pick.endswith('%') else '个'}"
    gives = named.ref(draw.gives) if ":" in draw.gives else draw.gives
    witness = f"，{named.who(draw.witness)}见证" if draw.witness else ""
    given = f"，抽中的{gives if not gives.startswith('“') else '分得' + gives}" if gives else ""
    where = f"（{named.tests(draw.where)}）" if draw.where else ""
    return f"抽签：{draw.title}，从{_POOLS.get(draw.pool) or _whom(draw.pool, named)}{where}里{pick}{given}{witness}，名单先封存、人人可复算"


def _purse(purse: Purse, named: Namer) -> str:
    unit = _MONEY[purse.unit]
    every = EVERY[purse.every] if purse.every else ""
    parts = [f"{_whom(purse.of, named)}一本账"]
    if purse.grant is not None:
        parts.append(f"{every}拨入{purse.grant}{unit}")
    if purse.takes:
        parts.append(f"收入有{join(purse.takes.values())}")
    parts += [_earning(purse, line, unit, named) for line in purse.earns]
    if purse.spends:
        parts.append(f"支出有{join(purse.spends.values())}")
    if purse.needs:
        parts.append(f"每笔须有{join(need_in_words(need, named) for need in purse.needs)}")
    parts += [_approval(one.over, one.by, unit, named) for one in purse.approve]
    if purse.publish:
        parts.append(f"按“{named.named('publication', purse.publish)}”公开")
    return f"账户：{purse.title}，{'；'.join(parts)}"


def _earning(purse: Purse, line: str, unit: str, named: Namer) -> str:
    earning = purse.earns[line]
    where = f"、{named.tests(earning.where)}的" if earning.where else "的"
    return f"{named.ref(earning.of)}办结{where}，自动给服务人记“{purse.takes.get(line, line)}”{earning.each}{unit}"


def _approval(over: int, by: list[str], unit: str, named: Namer) -> str:
    what = "每笔支出" if over == 0 else f"超过{over}{unit}的"
    return f"{what}须{named.either(by)}同意"


def _publication(publication: Publication, named: Namer) -> str:
    at = join({**LITTLE_WORDS, "door": "单元门"}[one] for one in publication.at)
    hides = f"，不公开{join(named.fact(one) for one in publication.hides)}" if publication.hides else ""
    objection = publication.objection
    answer = f"，有异议向{named.who(objection.to)}提，{time_in_words(objection.within)}内答复" if objection else ""
    clause = f"（{publication.clause}）" if publication.clause else ""
    shows = f"{named.ref(publication.shows)}" if named.ref(publication.shows) != f"“{publication.title}”" else ""
    return f"公示：{publication.title}{clause}，{'公示' + shows + '，' if shows else ''}在{at}公示{time_in_words(publication.days)}{hides}{answer}"


def _assessment(assessment: Assessment, named: Namer) -> str:
    lines = join(f"{line.title}占{line.weight}%" for line in assessment.lines.values())
    bands = join(f"{band.at_least:g}分以上{band.title}{_band_then(band.then, named)}" for band in assessment.bands)
    objection = f"；有异议向{named.who(assessment.objection.to)}提" if assessment.objection else ""
    return f"考评：{assessment.title}，{lines}{'；' + bands if bands else ''}{objection}"


def _band_then(then: list[str], named: Namer) -> str:
    return f"（{join(consequence(text, named) for text in then)}）" if then else ""


def _ledger(ledger: Ledger, named: Namer) -> str:
    period = EVERY[ledger.period] if ledger.period else "随时"
    of = words.POPULATIONS.get(ledger.of) or named.ref(ledger.of)
    where = f"（{named.tests(ledger.where)}的）" if ledger.where else ""
    group = f"，按{join(named.fact(one) for one in ledger.group)}分组" if ledger.group else ""
    return f"台账：{ledger.title}，{period}从{of}{where}读出{join(named.fact(one) for one in ledger.columns)}{group}"


def _watch(watch: Watch, named: Namer) -> str:
    over = f"{time_in_words(watch.over)}内" if watch.over else ""
    group = f"同一{'、同一'.join(named.fact(one) for one in watch.group)}的" if watch.group else ""
    where = f"{named.tests(watch.where)}的" if watch.where else ""
    measures = [f"满{watch.count}件" if watch.count else "", f"达到平常的{watch.times:g}倍" if watch.times else ""]
    measure = "或".join(one for one in measures if one)
    then = join(consequence(text, named) for text in watch.then)
    of = words.POPULATIONS.get(watch.of) or named.ref(watch.of)
    return f"预警：{watch.title}，{over}{group}{where}{of}{measure}，就{then}，由{named.who(watch.judged_by)}研判"


SENTENCES: Mapping[str, Callable[[Any, Namer], str]] = {
    "sheet": _sheet,
    "roster": _roster,
    "register": _register,
    "menu": _menu,
    "plan": _plan,
    "forum": _forum,
    "decision": _decision,
    "share": _share,
    "draw": _draw,
    "purse": _purse,
    "publication": _publication,
    "assessment": _assessment,
    "ledger": _ledger,
    "watch": _watch,
}
