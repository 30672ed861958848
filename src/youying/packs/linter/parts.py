"""The head of a loop and its parts."""

from __future__ import annotations

from youying.packs.linter import vocabulary
from youying.packs.linter.paths import cycle
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import COMMITMENT, check_calendar
from youying.packs.schema_loop import Loop


def check_loop_head(reading: Reading, name: str, loop: Loop) -> None:
    """Tier, where, sheet, like and merge of one loop."""
    key = f"loop.{name}"
    if loop.tier and reading.tiers:
        reading.expect(f"{key}.tier", loop.tier, reading.tiers, what="层级")
    if loop.like:
        vocabulary.named(reading, "loop", loop.like, f"{key}.like")
    vocabulary.where(reading, loop.where, f"{key}.where")
    vocabulary.named(reading, "sheet", loop.sheet, f"{key}.sheet")
    check_calendar(reading, [loop.merge.over if loop.merge else None], f"{key}.merge.over")
    if loop.merge and not any((act.verb or name) == "merge" for name, act in loop.acts.items()):
        say = "会提示可能重复，却没有并单的动作。"
        reading.fault("L29", f"{key}.merge", say, "请写一个 merge 动作，或去掉 merge。")


def check_parts(reading: Reading, name: str, loop: Loop) -> None:
    """L09 and the names of parts."""
    key = f"loop.{name}"
    for part_name, part in loop.parts.items():
        at = f"{key}.parts.{part_name}"
        for other in part.after:
            reading.expect(f"{at}.after", other, loop.parts, what="子任务")
        vocabulary.named(reading, "loop", part.loop, f"{at}.loop")
        vocabulary.actors(reading, [part.to], f"{at}.to")
        check_calendar(reading, [part.within], f"{at}.within")
    if ring := cycle({part_name: part.after for part_name, part in loop.parts.items()}):
        titles = " → ".join(loop.parts[part].title for part in ring if part in loop.parts)
        reading.fault("L09", f"{key}.parts", f"子任务互相等待：{titles}。", "请去掉其中一处 after。")
    vocabulary.acts(reading, loop.adds_parts, loop.acts, f"{key}.adds_parts")
    _opening(reading, key, loop)
    _commitment(reading, key, loop)
    _waiting(reading, key, loop)


def _waiting(reading: Reading, key: str, loop: Loop) -> None:
    """L34: whoever is told that it is done would read so while parts of it are still open."""
    if not (loop.parts_on or loop.adds_parts):
        return
    for name, act in loop.acts.items():
        if (act.verb or name) == "complete" and not act.where and "parts" not in act.needs:
            say = "列了子任务，却不等它们办齐就能办结。"
            reading.fault("L34", f"{key}.acts.{name}.needs", say, "请在 needs 里加上 parts。")


def _commitment(reading: Reading, key: str, loop: Loop) -> None:
    """L33: a part that names no loop goes by the plain loop of commitments."""
    bare = bool(loop.adds_parts) or any(part.loop is None for part in loop.parts.values())
    if bare and not any(one.kind == COMMITMENT and not one.where for one in reading.pack.loop.values()):
        say = "子任务没有写按哪个流程办，本包也没有承诺事项的普通流程。"
        remedy = "请给每项子任务写 loop，或保留基础包的 loop.commitment。"
        reading.fault("L33", f"{key}.parts" if loop.parts else f"{key}.adds_parts", say, remedy)


def _opening(reading: Reading, key: str, loop: Loop) -> None:
    needs_parts = any("parts" in act.needs or act.on == "parts" for act in loop.acts.values())
    if loop.parts_on is not None:
        vocabulary.acts(reading, [loop.parts_on], loop.acts, f"{key}.parts_on")
    if loop.parts and loop.parts_on is None:
        reading.fault("L07", f"{key}.parts", "没有写哪个动作开出这些子任务。", "请写 parts_on。")
    if needs_parts and not loop.parts and not loop.adds_parts:
        say = "要等子任务办完，却没有子任务，也没有动作可以再列。"
        reading.fault("L23", f"{key}.parts", say, "请写 parts 和 parts_on，或写 adds_parts。")
