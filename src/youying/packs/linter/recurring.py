"""Rhythms, sheets, registers, rosters, menus and plans."""

from __future__ import annotations

from collections.abc import Mapping

from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar, check_ladder, check_table
from youying.packs.schema_rhythm import Rhythm

POPULATION_KINDS = ("register", "unit", "post", "loop")


def check_recurring(reading: Reading) -> None:
    """All that recurs and what is written down."""
    for name, rhythm in reading.pack.rhythm.items():
        _rhythm(reading, f"rhythm.{name}", rhythm)
    _sheets(reading)
    _registers(reading)
    _rosters(reading)
    _menus(reading)
    _plans(reading)


def _rhythm(reading: Reading, key: str, rhythm: Rhythm) -> None:
    if not rhythm.by:
        reading.fault("L12", key, "没有责任岗位。", "请写 by。")
    vocabulary.actors(reading, rhythm.by, f"{key}.by")
    vocabulary.actors(reading, rhythm.with_, f"{key}.with")
    vocabulary.population(reading, rhythm.of, f"{key}.of", kinds=POPULATION_KINDS)
    vocabulary.where(reading, rhythm.where, f"{key}.where", of=rhythm.of)
    if rhythm.runs:
        kinds = ("forum", "publication", "assessment", "ledger")
        vocabulary.ref(reading, rhythm.runs, f"{key}.runs", kinds=kinds)
    vocabulary.named(reading, "sheet", rhythm.sheet, f"{key}.sheet")
    vocabulary.opens(reading, rhythm.opens, f"{key}.opens")
    check_calendar(reading, [rhythm.within], f"{key}.within")
    check_ladder(reading, rhythm.ladder, f"{key}.ladder", tier=None)
    _when(reading, key, rhythm)
    _unmet(reading, key, rhythm)


def _when(reading: Reading, key: str, rhythm: Rhythm) -> None:
    if not (rhythm.every or rhythm.on or rhythm.date):
        reading.fault("L17", key, "没有写什么时候做。", "请写 every（多久一次）、on（星期几）或 date（日期栏）。")
    if rhythm.date:
        dates = [code for code, item in reading.items.items() if item.type == "date"]
        reading.expect(f"{key}.date", rhythm.date, dates, what="日期栏")
    if isinstance(rhythm.every, Mapping):
        _frequencies(reading, key, rhythm, rhythm.every)


def _frequencies(reading: Reading, key: str, rhythm: Rhythm, every: Mapping[str, str]) -> None:
    said = [value for value in every if value != "else"]
    check_table(reading, rhythm.per, said, key, of=rhythm.of)
    known = vocabulary.values_of(reading, rhythm.per, of=rhythm.of) if rhythm.per in words.OPEN_FACTS else None
    missing = [str(value) for value in known or () if value not in said]
    if missing and "else" not in every:
        say = f"分档频次没有写“{'、'.join(missing)}”多久一次，也没有其余。"
        reading.fault("L16", f"{key}.every", say, '请补上，或加 else = "…"。')


def _unmet(reading: Reading, key: str, rhythm: Rhythm) -> None:
    if rhythm.unmet is None:
        return
    vocabulary.consequences(reading, rhythm.unmet.then, f"{key}.unmet.then")
    check_calendar(reading, [rhythm.unmet.again], f"{key}.unmet.again")
    if not any("unmet" in reason.for_ for reason in reading.pack.reasons.values()):
        say = "会遇到没见到的情况，可是没有一条没见到的理由。"
        reading.fault("L14", f"{key}.unmet", say, '请在 reasons 里写一条 for = ["unmet"]。')


def _sheets(reading: Reading) -> None:
    for name, sheet in reading.pack.sheet.items():
        for code, item in sheet.items.items():
            key = f"sheet.{name}.items.{code}"
            vocabulary.named(reading, "loop", item.opens, f"{key}.opens")
            if item.type == "choice" and not item.choices:
                reading.fault("L07", f"{key}.choices", "选择栏没有选项。", "请写 choices。")
            if item.fails is not None and item.type == "choice":
                reading.expect(f"{key}.fails", str(item.fails), item.choices, what="选项")
            if item.fails is not None and item.type == "yes-no" and not isinstance(item.fails, bool):
                reading.fault("L07", f"{key}.fails", "是否栏只能是 true 或 false。", "请改成 true 或 false。")


def _registers(reading: Reading) -> None:
    for name, register in reading.pack.register_.items():
        key = f"register.{name}"
        vocabulary.actors(reading, [register.keeper] if register.keeper else [], f"{key}.keeper")
        vocabulary.actors(reading, register.enter, f"{key}.enter")
        vocabulary.named(reading, "sheet", register.sheet, f"{key}.sheet")
        vocabulary.named(reading, "purse", register.purse, f"{key}.purse")
        for reason in register.leave:
            leaving = [code for code, one in reading.pack.reasons.items() if "leave" in one.for_]
            reading.expect(f"{key}.leave", reason, leaving, what="移出名册的理由")
        if not register.keeper:
            reading.fault("L12", key, "名册没有责任人。", "请写 keeper。")
        if not register.leave:
            reading.fault(
                "L14", key, "名册只进不出，没有移出的理由。", '请写 leave，并在 reasons 里写 for = ["leave"]。'
            )


def _rosters(reading: Reading) -> None:
    for name, roster in reading.pack.roster.items():
        for post in roster.posts:
            reading.expect(f"roster.{name}.posts", post, reading.pack.posts, what="岗位")
        if not roster.posts:
            reading.fault("L12", f"roster.{name}", "值班表没有岗位。", "请写 posts。")
        if not roster.hours:
            reading.fault("L17", f"roster.{name}", "值班表没有时段。", '请写 hours，如 ["00:00-24:00"]。')


def _menus(reading: Reading) -> None:
    for name, menu in reading.pack.menu.items():
        key = f"menu.{name}"
        vocabulary.named(reading, "loop", menu.loop, f"{key}.loop")
        vocabulary.named(reading, "plan", menu.plan, f"{key}.plan")
        vocabulary.named(reading, "register", menu.offers, f"{key}.offers")
        for code, item in menu.items.items():
            at = f"{key}.items.{code}"
            vocabulary.actors(reading, item.by, f"{at}.by")
            vocabulary.where(reading, item.where, f"{at}.where")
            check_calendar(reading, [item.within], f"{at}.within")


def _plans(reading: Reading) -> None:
    for name, plan in reading.pack.plan.items():
        key = f"plan.{name}"
        vocabulary.population(reading, plan.assign, f"{key}.assign", kinds=POPULATION_KINDS)
        vocabulary.population(reading, plan.to, f"{key}.to", kinds=POPULATION_KINDS)
        vocabulary.actors(reading, plan.by, f"{key}.by")
        if not plan.by:
            reading.fault("L12", key, "程序只出方案，没写由谁来定。", "请写 by。")
