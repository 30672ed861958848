"""Words of the house and of its own packs in the reader's language; words that a place wrote itself stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from youying.faces.shared.words import in_english
from youying.packs.source import library

_SPAN = re.compile(r"(剩|超)?(?:(\d+)天)?(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?")

WORDS = (
    N_("派单"), N_("签收"), N_("首次联系"), N_("研判"), N_("退单"), N_("异议"), N_("挂账"), N_("销账"), N_("吹哨"), N_("报到"), N_("提级"),
    N_("督办"), N_("催办"), N_("办理"), N_("会商"), N_("达成一致"), N_("公示"), N_("决定"), N_("服务到位"), N_("收付"), N_("办结"),
    N_("复查"), N_("回访"), N_("评价"), N_("重办"), N_("跟踪回访"), N_("销号"), N_("依规终结"), N_("移送"), N_("并单"),
    N_("登记"), N_("补充"), N_("更正"), N_("拆单"), N_("申请延期"), N_("同意"), N_("不同意"), N_("剔除"), N_("恢复计入"), N_("换发查询码"),
    N_("翻案重启"), N_("撤回上一步"), N_("改派承办单位"), N_("改按现行机制办"), N_("合计"), N_("已超期"), N_("等居民答复"), N_("不到1分钟"), N_("剩不到1分钟"), N_("已暂停"), N_("未计时"),
)  # fmt: skip
"""Verbs and house acts of the pack language, listed for the catalogue of translations."""


def told(text: str) -> str:
    """A title as the reader reads it: translated where the house or one of its own packs wrote it."""
    if not text or not in_english():
        return text
    said = gettext(text)
    return said if said != text else pack_english().get(text) or _span(text) or text


def _span(text: str) -> str:
    """A length of time as the house says it, in English: "超2天3小时" is "2 d 3 h over"; empty for anything else."""
    found = _SPAN.fullmatch(text)
    if not found or not any(found.groups()[1:]):
        return ""
    parts = [f"{n} {unit}" for n, unit in zip(found.groups()[1:], ("d", "h", "min"), strict=True) if n]
    return " ".join([*parts, *({"剩": ["left"], "超": ["over"]}.get(found[1], []))])


@cache
def pack_english() -> dict[str, str]:
    """What the house's own packs say in Chinese → what stands in their English files."""
    found: dict[str, str] = {}
    for raw in library().values():
        for key, english in raw.english.items():
            said = _at(raw.table, key)
            if isinstance(said, str):
                found.setdefault(said, english)
    return found


def _at(table: Mapping[str, Any], key: str) -> Any:
    held: Any = table
    for step in key.split("."):
        held = held.get(step) if isinstance(held, Mapping) else None
    return held
