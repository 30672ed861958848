"""Schema errors as faults: which file and key, what is wrong, the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from youying.packs.composer import Composed
from youying.packs.faults import Fault, suggest
from youying.packs.shape import dotted, place

_QUOTED = re.compile(r"'([^']+)'")
_KINDS_ZH = {
    "string_type": "应是文字",
    "int_type": "应是整数",
    "float_type": "应是数字",
    "bool_type": "应是 true 或 false",
    "list_type": "应是列表",
    "dict_type": "应是表",
    "model_type": "应是表",
    "too_short": "太少",
    "too_long": "太多",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}
_PATTERN_HINTS = (
    ("working-days|office-hours)$", "期限写成“数字 单位”，如“3 working-days”、“24 hours”。"),
    ("%$|^due$", "写成“80%”、“due”或“due + 2 days”。"),
    ("close|unsolved", "可以写 close、unsolved、parts、due、clock:时钟、met:动作。"),
    ("\\d+/", "写成“>= 2/3”、“> 1/2”、“1/2”、“all”或“none”。"),
)


def validation_faults(error: ValidationError, composed: Composed) -> list[Fault]:
    """One fault for each key that the schema refuses."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(_real_key(detail["loc"], composed.merged), []).append(detail)
    return [_fault(key, details, composed) for key, details in found.items()]


def _real_key(loc: tuple[int | str, ...], merged: Mapping[str, Any]) -> str:
    """The key path without the branch names that pydantic adds for unions."""
    path: list[str] = []
    here: Any = merged
    for step in loc:
        if isinstance(here, Mapping) and step in here:
            here = here[step]
            path.append(str(step))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            path.append(str(step + 1))
        elif isinstance(here, Mapping) and step in place(tuple(path)).fields:
            path.append(str(step))
            break
    return dotted(tuple(path))


def _fault(key: str, details: list[Mapping[str, Any]], composed: Composed) -> Fault:
    say, remedy = _explain(key, details)
    return Fault("L07", file_of(key, composed), key, say, remedy)


def _explain(key: str, details: list[Mapping[str, Any]]) -> tuple[str, str]:
    detail = details[0]
    kind = detail["type"]
    last = key.rpartition(".")[2]
    if kind == "extra_forbidden":
        known = place(tuple(key.split("."))[:-1]).known()
        return f"不认识的词“{last}”。", suggest(last, known)
    if kind == "missing":
        return f"缺少“{last}”。", f"请写上：{_description(key)}"
    known = [word for one in details for word in _QUOTED.findall(str(one.get("ctx", {}).get("expected", "")))]
    if known:
        return f"不认识的词“{detail['input']}”。", suggest(str(detail["input"]), known)
    return _wrong_value(detail)


def _wrong_value(detail: Mapping[str, Any]) -> tuple[str, str]:
    pattern = str(detail.get("ctx", {}).get("pattern", ""))
    hint = next((text for part, text in _PATTERN_HINTS if part in pattern), "请改成要求的写法。")
    wrong = _KINDS_ZH.get(detail["type"], "写法不对")
    return f"“{detail['input']}”{wrong}。", hint


def _description(key: str) -> str:
    *above, last = key.split(".")
    model = place(tuple(above)).model
    for name, info in (model.model_fields if model else {}).items():
        if (info.alias or name) == last:
            return info.description or last
    return last


def file_of(key: str, composed: Composed) -> str:
    """The file of the pack that said a key or the nearest key above it."""
    above = key
    while above:
        below = [who for said, who in composed.owner.items() if said == above or said.startswith(above + ".")]
        if below:
            return composed.files[below[-1]]
        above = above.rpartition(".")[0]
    return composed.files[list(composed.files)[-1]]
