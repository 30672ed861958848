"""Saying keys, names and values of a pack in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from youying.kernel.durations import in_words, parse_duration
from youying.kernel.refusals import Refused
from youying.packs import words
from youying.packs.predicates import PARAM_PREFIX
from youying.packs.schema import Pack
from youying.packs.shape import place

EVERY = {
    "once": "一次集中开展",
    "as-called": "随时",
    "day": "每天",
    "week": "每周",
    "fortnight": "每两周",
    "month": "每月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}
DAYS = dict(zip(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "一二三四五六日", strict=True))
DOES = {
    "visit": "上门走访",
    "patrol": "巡逻",
    "inspect": "排查",
    "serve": "上门服务",
    "call": "电话探访",
    "activity": "开展活动",
    "meet": "开会",
    "assess": "考评",
    "publish": "公示",
    "brief": "出简报",
    "review": "回顾总结",
    "register": "入户登记",
    "recheck": "复查",
}
LITTLE_WORDS = {
    "stay": "留在原阶段",
    "refuse": "视为不同意",
    "grant": "视为同意",
    "escalate": "交上一级",
    "legal": "按民法典计算",
    "elapsed": "只累计工作时间",
    "none": "不显示",
    "zero": "算 0",
    "full": "算 100%",
    "phone": "电话",
    "sms": "短信",
    "door": "上门",
    "web": "网上",
    "portal": "网上",
    "board": "公示栏",
    "group": "居民群",
    "bulletin": "公报",
    "reporter": "诉求人",
    "place": "地点",
    "cause": "起因",
    "last-year": "上年同期",
    "last-period": "上期",
    "up": "上一级",
    "down": "下一级",
    "given": "当次约定的日期",
    "open": "登记",
    "else": "其余",
    "national": "按国家法定节假日和调休",
}
_COMPARED = {"at_least": "至少", "at_most": "至多", "below": "低于", "over": "超过", "not": "不是"}


def join(parts: Iterable[str]) -> str:
    """A Chinese list."""
    return "、".join(parts)


def either(parts: Sequence[str]) -> str:
    """A Chinese choice: 甲、乙或丙."""
    return "或".join(one for one in ("、".join(parts[:-1]), *parts[-1:]) if one)


def time_in_words(duration: str) -> str:
    """ "3 working-days" as 3个工作日."""
    return in_words(parse_duration(duration))


def fraction_in_words(text: str) -> str:
    """ ">= 2/3" as 三分之二以上 in figures: 2/3以上."""
    if text in ("all", "none"):
        return {"all": "全部", "none": "不限"}[text]
    sign, _, part = text.partition(" ")
    if sign == ">":
        return "过半数" if part == "1/2" else f"超过{part}"
    return f"{part}以上"


class Namer:
    """Turns the codes of one pack into the titles people read."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def who(self, codes: Sequence[str]) -> str:
        """Posts, unit types, relations or tiers."""
        return join(self.actor(code) for code in codes)

    def actor(self, code: str) -> str:
        """One of them."""
        known = self.pack.posts.get(code) or self.pack.units.get(code)
        return known.title if known else words.RELATIONS.get(code) or words.TIERS.get(code) or _little(code)

    def either(self, codes: Sequence[str]) -> str:
        """Any one of them."""
        return either([self.actor(code) for code in codes])

    def act(self, loop: str, code: str) -> str:
        """An act of a loop; "open" is intake."""
        acts = self.pack.loop[loop].acts if loop in self.pack.loop else {}
        act = acts.get(code)
        if act is None:
            return words.VERBS.get(code) or _little(code)
        return act.title or words.VERBS.get(str(act.verb or code), code)

    def acts(self, loop: str, codes: Iterable[str]) -> str:
        """Several acts."""
        return either([self.act(loop, code) for code in codes])

    def stage(self, loop: str, code: str) -> str:
        """A stage of a loop."""
        return self.pack.loop[loop].stages.get(code, _little(code)) if loop in self.pack.loop else code

    def fact(self, code: str) -> str:
        """A fact or a sheet item."""
        items = (sheet.items[code].title for sheet in self.pack.sheet.values() if code in sheet.items)
        return words.FACTS.get(code) or next(items, code)

    def value(self, fact: str, value: Any) -> str:
        """A value of a fact."""
        if isinstance(value, bool):
            return "是" if value else "否"
        text = str(value)
        if text.startswith(PARAM_PREFIX):
            return self.param(text.removeprefix(PARAM_PREFIX))
        if fact == "class":
            return self._class(text)
        listed = self.pack.values.get(fact, {}).get(text)
        return str(listed or self._by_kind(fact, text) or text or "空")

    def _class(self, value: str) -> str:
        listed = self.pack.values.get("class", {}).get(value)
        in_registers = (one.classes[value] for one in self.pack.register_.values() if value in one.classes)
        return listed or next(in_registers, value)

    def _by_kind(self, fact: str, value: str) -> str | None:
        if fact == "stage":
            titles = (loop.stages[value] for loop in self.pack.loop.values() if value in loop.stages)
            return next(titles, None)
        if fact == "result":
            return next((self.act(loop, value) for loop, one in self.pack.loop.items() if value in one.acts), None)
        if fact == "channel":
            channel = self.pack.channel.get(value)
            return channel.title if channel else None
        return {"kind": words.KINDS, "tier": words.TIERS}.get(fact, {}).get(value)

    def param(self, code: str) -> str:
        """A named number with its value."""
        param = self.pack.params.get(code)
        return f"{param.title}（{param.value}{param.unit}）" if param else code

    def named(self, section: str, code: str) -> str:
        """The title of a named thing."""
        things = getattr(self.pack, {"register": "register_"}.get(section, section), {})
        thing = things.get(code) if isinstance(things, Mapping) else None
        return getattr(thing, "title", None) or (thing if isinstance(thing, str) else code)

    def ref(self, text: str) -> str:
        """A reference `kind:name`, a population, or a sentence."""
        kind, colon, name = text.partition(":")
        if not colon:
            return words.POPULATIONS.get(text) or self.actor(text)
        section = {"unit": "units", "post": "posts", "put": "register", "open": "loop", "publish": "publication"}
        return f"“{self.named(section.get(kind, kind), name.partition('.')[0])}”"

    def tests(self, where: Mapping[str, Any]) -> str:
        """A predicate as a phrase."""
        return "且".join(self._test(fact, test) for fact, test in where.items())

    def _test(self, fact: str, test: Any) -> str:
        if isinstance(test, Mapping):
            return self.fact(fact) + "、".join(
                f"{_COMPARED[word]}{either([self.value(fact, v) for v in _many(bound)])}"
                for word, bound in test.items()
            )
        if isinstance(test, list) and set(map(str, test)) == {"True", "False"}:
            return f"对“是否{self.fact(fact).removeprefix('已')}”有结论"
        if isinstance(test, bool):
            return self.fact(fact) if test else _negated(self.fact(fact))
        return f"{self.fact(fact)}为{either([self._quoted(fact, value) for value in _many(test)])}"

    def _quoted(self, fact: str, value: Any) -> str:
        said = self.value(fact, value)
        return said if value == "" or not isinstance(value, str) or said == "空" else f"“{said}”"

    def key(self, key: str) -> str:
        """A dotted key as a person would call it: “接诉即办”的办结时限."""
        path = key.split(".")
        if path[0] == "posts" and path[2:] == ["each"] and (post := self.pack.posts.get(path[1])) and post.at:
            return f"每个{words.TIERS[post.at]}要有几位“{post.title}”"
        titles, here = [], []
        for step in path:
            here.append(step)
            if title := self._title_at(here):
                titles.append(f"“{title}”")
        field = HOW_MANY.get(".".join(path[-2:])) or HOW_MANY.get(path[-1]) or f"的{_field(path)}"
        said = "".join(_deduplicated(titles))
        return said + (field if _field(path) and titles else _field(path))

    def _title_at(self, path: Sequence[str]) -> str:
        if len(path) == 2:
            return self.named(path[0], path[1]) if path[0] not in ("pack", "tiers", "words", "directory") else ""
        if len(path) == 4 and path[0] == "loop":
            return self._inner_title(path)
        if len(path) == 4:
            inner = getattr(getattr(self.pack, path[0], {}).get(path[1]), path[2], {})
            return getattr(inner.get(path[3]), "title", "") if isinstance(inner, Mapping) else ""
        return ""

    def _inner_title(self, path: Sequence[str]) -> str:
        _, loop, table, name = path
        if table == "acts":
            return self.act(loop, name)
        if table == "stages":
            return self.stage(loop, name)
        if table not in ("clocks", "parts"):
            return ""
        things = getattr(self.pack.loop.get(loop), table, {})
        title = getattr(things.get(name), "title", "") if isinstance(things, Mapping) else ""
        return title or words.VERBS.get(name, name)


def _many(test: Any) -> list[Any]:
    return test if isinstance(test, list) else [test]


def _negated(phrase: str) -> str:
    return f"未{phrase.removeprefix('已')}"


def _little(code: str) -> str:
    return LITTLE_WORDS.get(code, code)


def _deduplicated(titles: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(titles))


def _field(path: Sequence[str]) -> str:
    """The last key in words, from the schema's own description; empty where the path ends at a name."""
    above = place(tuple(path[:-1])).model
    for name, info in (above.model_fields if above else {}).items():
        if (info.alias or name) == path[-1]:
            return FIELD_NAMES.get(path[-1]) or (info.description or path[-1]).partition("：")[0].rstrip("。")
    return ""


HOW_MANY = {"extend.most": "最多延期几次", "most": "最多做几次"}
"""Bounds that are a question of their own after the title of what they bound."""
FIELD_NAMES = {
    "within": "时限",
    "wait": "最早时间",
    "by": "办理人",
    "needs": "要件",
    "title": "名称",
    "to": "去向",
    "from": "起点",
    "value": "数值",
    "verdict": "结论要求",
    "silence": "联系不上时的规定",
    "reopen": "翻案期",
    "rework": "退回阶段",
    "reasons": "终结理由",
    "approve": "审批",
    "extend": "延期规定",
    "ladder": "临期超期阶梯",
    "lamps": "黄灯红灯",
    "merge": "并单提示",
    "count": "件数",
    "times": "倍数",
    "over": "时间范围",
    "where": "条件",
    "base": "分母",
    "every": "频次",
    "counting": "数法",
    "not_by": "回避",
    "tells": "告知对象",
    "most": "最多次数",
    "attempts": "联系次数",
    "ways": "联系方式",
    "same": "相同项",
    "ask_before": "最迟申请",
    "refused": "不同意时",
    "silent": "不答复时",
}


def value_in_words(key: str, value: Any, named: Namer) -> str:
    """A value as people read it: durations, tables, lists and codes."""
    last = key.rpartition(".")[2]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _table(key, value, named)
    if isinstance(value, list):
        return "、".join(value_in_words(key, one, named) for one in value) or "（空）"
    if isinstance(value, str):
        return _text(key, last, value, named)
    return _number(key, value, named)


def _number(key: str, value: Any, named: Namer) -> str:
    path = key.split(".")
    param = named.pack.params.get(path[1]) if path[0] == "params" and len(path) > 1 else None
    return f"{value}{param.unit}" if param else f"{value}"


def _table(key: str, table: Mapping[str, Any], named: Namer) -> str:
    last = key.rpartition(".")[2]
    if last in ("where", "base"):
        return named.tests(table) or "全部"
    per = _per(key, named)
    parts = [
        f"{_entry(key, name, per, named)}{value_in_words(f'{key}.{name}', item, named)}" for name, item in table.items()
    ]
    return "、".join(parts)


def _per(key: str, named: Namer) -> str:
    path = key.split(".")
    if len(path) == 5 and path[0] == "loop" and path[1] in named.pack.loop:
        clock = named.pack.loop[path[1]].clocks.get(path[3])
        return (clock.per or "") if clock else ""
    rhythm = named.pack.rhythm.get(path[1]) if path[0] == "rhythm" and len(path) > 1 else None
    return (rhythm.per or "") if rhythm else ""


def _entry(key: str, name: str, per: str, named: Namer) -> str:
    if name == "else":
        return "其余"
    return named.value(per, name) if per else f"{FIELD_NAMES.get(name, _field([*key.split('.'), name]) or name)} "


def _text(key: str, last: str, text: str, named: Namer) -> str:
    readers: tuple[Callable[[], str], ...] = (lambda: time_in_words(text), lambda: _code(key, last, text, named))
    for read in readers:
        try:
            return read()
        except Refused:
            continue
    return text


def _code(key: str, last: str, text: str, named: Namer) -> str:
    path = key.split(".")
    if last in ("title", "about", "clause", "text"):
        return f"“{text}”"
    if path[0] == "loop" and len(path) > 4 and path[2] == "clocks" and last in ("from", "to", "pause", "resume"):
        return named.act(path[1], text)
    if path[0] == "loop" and last in ("from", "to", "rework", "refused", "ends"):
        return named.stage(path[1], text)
    if last == "needs":
        return words.NEEDS.get(text.partition(":")[0], text)
    return words.PROOFS.get(text) or EVERY.get(text) or _reference(text, named)


def _reference(text: str, named: Namer) -> str:
    if ":" in text and text.replace(":", "").replace("-", "").isalnum():
        return named.ref(text)
    return named.pack.reasons[text].title if text in named.pack.reasons else named.actor(text)
