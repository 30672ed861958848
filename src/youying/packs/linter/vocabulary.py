"""References and facts: is every name that a pack uses known, and can every test be true?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from youying.packs import words
from youying.packs.linter.reading import Reading
from youying.packs.predicates import PARAM_PREFIX

NAMED_PROOFS = frozenset({"sheet", "publication", "decision", "share", "draw"})
TRUTHS = frozenset(
    [
        "solved",
        "contacted",
        "contacted_on_time",
        "completed",
        "completed_on_time",
        "crossed_off",
        "overdue",
        "extended",
        "parked",
        "whistled",
        "reported_in",
        "reported_in_on_time",
        "escalated",
        "supervised",
        "merged",
        "repeat",
        "same_type",
        "excluded",
        "parts_done",
        "followed_up",
        "followed_up_on_time",
        "rechecked_by_other",
        "open_now",
        "ended",
        "due",
        "done",
        "met",
        "on_time",
        "missed",
        "covered",
        "left",
        "overdue_visit",
        "lives_alone",
        "first_time",
        "filled",
        "voucher",
        "disclosed",
        "held",
        "resolved",
        "turnout",
        "passed",
        "shared",
        "drawn",
        "published",
        "matched",
        "at_hours",
        "opened",
    ]
)
NUMBERS = frozenset(
    [
        "reworks",
        "hand_backs",
        "reporters",
        "days_open",
        "sessions",
        "found",
        "attempts",
        "attended",
        "minutes",
        "age",
        "amount",
        "balance",
        "seats_filled",
        "objections",
        "score",
        "rank",
        "photo_count",
        "year",
    ]
)
NAMED_SECTIONS = {
    "loop": "办理流程",
    "sheet": "表单",
    "rhythm": "节奏",
    "register": "名册",
    "roster": "值班表",
    "menu": "菜单",
    "plan": "安排",
    "forum": "议事会",
    "decision": "表决",
    "share": "分摊",
    "draw": "抽签",
    "purse": "账户",
    "publication": "公示",
    "assessment": "考评",
    "figure": "数字",
    "ledger": "台账",
    "watch": "盯办",
    "unit": "单位类型",
    "post": "岗位",
    "reason": "理由",
    "param": "本地数值",
}
_FIELDS = {"register": "register_", "unit": "units", "post": "posts", "reason": "reasons", "param": "params"}


def section(reading: Reading, kind: str) -> Mapping[str, Any]:
    """The named things of one kind."""
    things: Mapping[str, Any] = getattr(reading.pack, _FIELDS.get(kind, kind))
    return things


def named(reading: Reading, kind: str, name: str | None, key: str) -> None:
    """A name of this kind must exist; None is nothing said."""
    if name is not None:
        reading.expect(key, name, section(reading, kind), what=NAMED_SECTIONS[kind])


def actors(reading: Reading, who: Iterable[str], key: str) -> None:
    """Posts, unit types or relations."""
    for one in who:
        reading.expect(key, one, reading.actors, what="这个办理人（岗位、单位类型或关系）")


def stages(reading: Reading, names: Iterable[str], known: Collection[str], key: str) -> None:
    """Stages of one loop."""
    for name in names:
        reading.expect(key, name, known, what="阶段")


def acts(reading: Reading, names: Iterable[str], known: Collection[str], key: str) -> None:
    """Acts of one loop."""
    for name in names:
        reading.expect(key, name, known, what="动作")


def ref(reading: Reading, text: str, key: str, *, kinds: Collection[str], plain: Collection[str] = ()) -> None:
    """A reference `kind:name`, or one of the plain words that may stand here."""
    kind, colon, name = text.partition(":")
    if not colon:
        reading.expect(key, text, [*plain, *(f"{one}:" for one in kinds)], what="这个词")
    elif kind not in kinds:
        reading.unknown(key, text, [f"{one}:" for one in kinds], what="这种引用")
    else:
        named(reading, kind, name.partition(".")[0], key)


def population(reading: Reading, text: str, key: str, *, kinds: Collection[str]) -> None:
    """Whom or what something is about: a population, or a named thing."""
    ref(reading, text, key, kinds=kinds, plain=words.POPULATIONS)


def opens(reading: Reading, targets: Iterable[str], key: str) -> None:
    """What an act or rhythm opens: `loop:x` or `put:register`."""
    for text in targets:
        kind, _, name = text.partition(":")
        if kind == "put":
            named(reading, "register", name, key)
        else:
            ref(reading, text, key, kinds=("loop", "put"))


_THEN = {"open": "loop", "put": "register", "publish": "publication"}


def consequences(reading: Reading, then: Iterable[str], key: str) -> None:
    """What follows a warning, a failed visit, a band: `tell:who`, `open:loop`, `put:register`, `publish:x`."""
    for text in then:
        kind, _, name = text.partition(":")
        if kind == "tell":
            actors(reading, [name], key)
        elif kind in _THEN:
            named(reading, _THEN[kind], name, key)
        else:
            reading.unknown(key, text, ["tell:", "open:", "put:", "publish:"], what="这个后果")


def needs(reading: Reading, proofs: Iterable[str], key: str) -> None:
    """The proofs of the closed list; some name a thing of the pack."""
    for text in proofs:
        word, colon, name = text.partition(":")
        reading.expect(key, word, words.NEEDS, what="要件")
        if colon and word in NAMED_PROOFS:
            named(reading, word, name, key)
        elif word == "sheet":
            reading.fault("L07", key, "要表单却没说哪一张。", "请写 sheet:表单代码。")
        elif colon and not (word == "attempts" and name.isdigit() and int(name) > 0):
            reading.fault("L07", key, f"要件“{text}”冒号后面不对。", "attempts 后面写次数（如 attempts:3），其余不写。")


def facts(reading: Reading, names: Iterable[str], key: str) -> None:
    """Names of facts or sheet items."""
    for name in names:
        reading.expect(key, name, reading.facts, what="事实")


def where(
    reading: Reading, tests: Mapping[str, Any], key: str, *, of: str = "", stage_names: Collection[str] = ()
) -> None:
    """A predicate: known facts, and values they can have."""
    facts(reading, tests, key)
    for fact, test in tests.items():
        known = values_of(reading, fact, of=of, stage_names=stage_names)
        for value in _tested(test):
            _value(reading, fact, value, known, f"{key}.{fact}")


def _tested(test: Any) -> list[Any]:
    if isinstance(test, Mapping):
        return [one for bound in test.values() for one in _tested(bound)]
    return test if isinstance(test, list) else [test]


def _value(reading: Reading, fact: str, value: Any, known: Collection[Any] | None, key: str) -> None:
    if isinstance(value, str) and value.startswith(PARAM_PREFIX):
        named(reading, "param", value.removeprefix(PARAM_PREFIX), key)
    elif known is not None and value != "" and (value not in known or isinstance(value, bool) != (True in known)):
        reading.unknown(key, str(value), map(_shown, known), what=f"{words.FACTS.get(fact, fact)}的取值")
    elif fact in NUMBERS and (isinstance(value, (str, bool)) and value != ""):
        reading.fault("L07", key, f"“{words.FACTS[fact]}”是数字，不会等于“{value}”。", "请写一个数字。")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def values_of(
    reading: Reading, fact: str, *, of: str = "", stage_names: Collection[str] = ()
) -> Collection[Any] | None:
    """The values a fact can have; None where any will do."""
    kind, _, name = of.partition(":")
    if kind == "rhythm" and name in reading.pack.rhythm:
        return values_of(reading, fact, of=reading.pack.rhythm[name].of)
    if fact == "class" and kind == "register" and name in reading.pack.register_:
        return list(reading.pack.register_[name].classes)
    if fact in ("stage", "result"):
        return _of_loop(reading, fact, name if kind == "loop" else "", stage_names)
    return _of_fact(reading, fact)


def _of_loop(reading: Reading, fact: str, name: str, stage_names: Collection[str]) -> Collection[str]:
    loop = reading.pack.loop.get(name)
    if fact == "result":
        loops = [loop] if loop else reading.pack.loop.values()
        return [act for one in loops for act in one.acts]
    return list(loop.stages) if loop else list(stage_names)


def _of_fact(reading: Reading, fact: str) -> Collection[Any] | None:
    if fact in TRUTHS:
        return [True, False]
    if fact in words.OPEN_FACTS:
        return list(reading.pack.values.get(fact, {}))
    if fact in reading.items and fact not in words.FACTS:
        return _of_item(reading, fact)
    closed: dict[str, Collection[str]] = {
        "tier": reading.tiers,
        "kind": list(words.KINDS),
        "channel": list(reading.pack.channel),
        "loop": list(reading.pack.loop),
        "direction": ["in", "out"],
    }
    return closed.get(fact)


def _of_item(reading: Reading, fact: str) -> Collection[Any] | None:
    item = reading.items[fact]
    if item.type == "yes-no":
        return [True, False]
    return item.choices if item.type == "choice" else None
