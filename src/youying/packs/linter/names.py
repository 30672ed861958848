"""Names, posts, values, channels, parameters: how they are written and what they point at."""

from __future__ import annotations

import difflib
import re

from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.reading import Reading
from youying.packs.params import ENGINE_PARAMS
from youying.packs.schema import SECTIONS

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FACT_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
UNNAMED_SECTIONS = frozenset({"pack", "tiers", "values", "directory", "words", "beyond"})


def check_names(reading: Reading) -> None:
    """L31 and the small sections."""
    for section in SECTIONS:
        if section not in UNNAMED_SECTIONS:
            _spelling(reading, section)
    _tiers(reading)
    _channels(reading)
    _params(reading)
    if reading.pack.pack.calendar:
        known = reading.pack.calendar
        reading.expect("pack.calendar", reading.pack.pack.calendar, known, what="日历")


def _spelling(reading: Reading, section: str) -> None:
    things = getattr(reading.pack, "register_" if section == "register" else section)
    for name, thing in things.items():
        _spelled(reading, name, f"{section}.{name}", NAME)
        for field in ("stages", "acts", "clocks", "parts", "classes"):
            inner = getattr(thing, field, {})
            for inner_name in inner:
                _spelled(reading, inner_name, f"{section}.{name}.{field}.{inner_name}", NAME)
        if section == "sheet":
            for item in thing.items:
                _spelled(reading, item, f"sheet.{name}.items.{item}", FACT_NAME)
                _not_a_fact(reading, item, f"sheet.{name}.items.{item}")


def _spelled(reading: Reading, name: str, key: str, pattern: re.Pattern[str]) -> None:
    if not pattern.fullmatch(name):
        joiner = "连字符" if pattern is NAME else "下划线"
        say = f"名字“{name}”写法不对。"
        reading.fault("L31", key, say, f"请只用小写字母、数字和{joiner}；中文写在 title 里。")


def _not_a_fact(reading: Reading, item: str, key: str) -> None:
    if item in words.FACTS:
        say = f"栏目名“{item}”和系统的事实“{words.FACTS[item]}”重名，统计时会弄混。"
        reading.fault("L31", key, say, "请换一个名字。")


def _tiers(reading: Reading) -> None:
    order = reading.tiers
    if not order:
        return
    if len(set(order)) < len(order):
        reading.fault("L11", "tiers.order", "层级重复。", "每一级只写一次，从低到高。")
    places = {**{f"posts.{c}.at": p.at for c, p in reading.pack.posts.items()}}
    places |= {f"units.{c}.at": u.at for c, u in reading.pack.units.items()}
    for key, at in places.items():
        if at is not None and at not in ("building", *order):
            reading.expect(key, at, order, what="层级")


def _channels(reading: Reading) -> None:
    for code, channel in reading.pack.channel.items():
        vocabulary.named(reading, "roster", channel.roster, f"channel.{code}.roster")


def _params(reading: Reading) -> None:
    for code, param in reading.pack.params.items():
        engine = ENGINE_PARAMS.get(code)
        if engine and not engine.allows(param.value):
            say = f"“{param.title}”写成了 {param.value}。"
            reading.fault("L31", f"params.{code}.value", say, f"请写 {engine.least} 到 {engine.most} 之间的数。")
        elif engine is None and f"param:{code}" not in reading.edition.canonical:
            _misspelt_param(reading, code)


def _misspelt_param(reading: Reading, code: str) -> None:
    if near := difflib.get_close_matches(code, ENGINE_PARAMS, n=1, cutoff=0.8):
        say = f"本地数值“{code}”没有用处。"
        reading.fault("L07", f"params.{code}", say, f"最接近的是程序认得的“{near[0]}”，请改正。")
