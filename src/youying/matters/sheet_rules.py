"""Which sheets a step asks for, what of them came with it, and what they still lack: pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from youying.kernel.refusals import Refused
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.edition import Edition
from youying.sheets.rules import Filled, examine, promises, sheet_of
from youying.sheets.value_rules import Value

How = Literal["keep", "fill", "supply", "correct"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sheets of a step: those filled in with it, and the loop's own where it must be whole by now."""

    own: tuple[str, ...] = ()
    papers: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Every sheet of the step, each once."""
        return tuple(dict.fromkeys((*self.own, *([self.papers] if self.papers else ()))))


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet of a step as it will stand: how it is kept, the values for that, all that is wrong with it."""

    sheet: str
    how: How
    values: Mapping[str, Any] = field(default_factory=dict)
    filled: Filled = field(default_factory=Filled)
    later: bool = False
    wrong: tuple[Refused, ...] = ()


def wanted_of(loop: CompiledLoop, step: CompiledAct) -> Wanted:
    """The sheets that a step asks for: its own, those its proofs name, and the loop's where it needs the papers."""
    named = [need.name for need in step.needs if need.word == "sheet"]
    own = dict.fromkeys(([step.sheet] if step.sheet else []) + named)
    return Wanted(tuple(own), (loop.sheet or "") if step.needs_word("papers") else "")


def shared_out(edition: Edition, wanted: Wanted, data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What came with a step by sheet: `sheet` for its own, `papers` for the loop's; refused where nothing takes it."""
    said = {"sheet": (data.get("sheet"), wanted.own or wanted.all), "papers": (data.get("papers"), wanted.all)}
    shares: dict[str, dict[str, Any]] = {code: {} for code in wanted.all}
    for name, (values, takers) in said.items():
        for item, value in _table(values, name).items():
            homes = [code for code in takers if item in sheet_of(edition, code).items]
            if not homes:
                raise _homeless(edition, item, takers, name)
            for code in homes:
                shares[code][item] = value
    return shares


def _table(values: Any, name: str) -> Mapping[str, Any]:
    if values is None or isinstance(values, Mapping):
        return values or {}
    raise Refused("sheet-value", say="表单要逐栏填写，请刷新页面再填。", field=name)


def _homeless(edition: Edition, item: str, takers: Iterable[str], name: str) -> Refused:
    titles = "、".join(sheet_of(edition, code).title for code in takers)
    say = f"“{titles}”里没有“{str(item)[:40]}”这一栏，请刷新页面再填。" if titles else "这一步不用填表。"
    return Refused("sheet-unknown-item", say=say, have=str(item)[:40], field=name)


def paper_of(
    edition: Edition, step: CompiledAct, code: str, *, values: Mapping[str, Any], have: Mapping[str, Value] | None,
    whole: bool,
) -> Paper:  # fmt: skip
    """How one sheet of a step will stand; `have` is what was filled in before, None where it never was.

    What must be there may come later only where the step names a date and somebody signed for it: a promise under
    an acceptance with papers missing (容缺受理). `whole` asks for everything, promise or not.
    """
    sheet = sheet_of(edition, code)
    merged = {**(have or {}), **{item: value for item, value in values.items() if value not in (None, "", [], ())}}
    filled, wrong = examine(sheet, merged, lacking_allowed=True)
    later = not whole and step.needs_word("due") and promises(sheet, filled.values)
    if not later:
        filled, wrong = examine(sheet, merged)
    fresh = {item: value for item, value in filled.values.items() if value != (have or {}).get(item)}
    return Paper(code, _how(fresh, have), fresh, filled, later, tuple(wrong.values()))


def _how(fresh: Mapping[str, Any], have: Mapping[str, Value] | None) -> How:
    if have is None:
        return "fill"
    if not fresh:
        return "keep"
    return "correct" if set(fresh) & set(have) else "supply"


def signed_of(edition: Edition, papers: Iterable[Paper], signature: Any) -> bool:
    """Whether somebody signed: with the step itself, or in a sheet that came with it."""
    items = [(sheet_of(edition, one.sheet).items, one.values) for one in papers]
    in_sheet = any(values.get(code) for known, values in items for code in values if known[code].type == "signature")
    return in_sheet or bool(signature)
