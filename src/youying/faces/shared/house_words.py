"""Words of the house and of its own packs in the reader's language; words that a place wrote itself stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from youying.faces.shared.words import in_english
from youying.packs.source import library

_SPAN = re.compile(r"(剩|超)?(?:(\d+)天)?(?:(\d+)(?:小时|时))?(?:(\d+)(?:分钟|分))?")

WORDS = (
    _("派单"), _("签收"), _("首次联系"), _("研判"), _("退单"), _("异议"), _("挂账"), _("销账"), _("吹哨"), _("报到"), _("提级"),
    _("督办"), _("催办"), _("办理"), _("会商"), _("达成一致"), _("公示"), _("决定"), _("服务到位"), _("收付"), _("办结"),
    _("复查"), _("回访"), _("评价"), _("重办"), _("跟踪回访"), _("销号"), _("依规终结"), _("移送"), _("并单"),
    _("登记"), _("补充"), _("更正"), _("拆单"), _("申请延期"), _("复核挂账"), _("仍要挂账"), _("改计划日期"), _("同意"), _("不同意"), _("剔除"), _("恢复计入"), _("换发查询码"),
    _("翻案重启"), _("撤回上一步"), _("改派承办单位"), _("改按现行机制办"), _("合计"), _("已超期"), _("等居民答复"), _("不到1分钟"), _("剩不到1分钟"), _("已暂停"), _("未计时"),
    _("收哨"), _("到场"), _("书面答复"), _("到场，晚到"), _("书面答复，晚到"), _("等签收"), _("已签收，等报到"), _("超期未到"), _("已签收，超期未到"),
    _("未报到"), _("不再等"), _("已收哨"), _("上午"), _("下午"), _("晚上"), _("已收哨，此前已超期"),
)  # fmt: skip
"""Verbs and house acts of the pack language, listed for the catalogue of translations."""


def told(text: str) -> str:
    """A title as the reader reads it: translated where the house or one of its own packs wrote it."""
    if not text or not in_english():
        return text
    said = gettext(text)
    return said if said != text else pack_english().get(text) or _span(text) or text


def told_each(text: str) -> str:
    """Titles strung together by the Chinese enumeration comma, each as the reader reads it."""
    return (", " if in_english() else "、").join(told(part) for part in text.split("、"))


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
