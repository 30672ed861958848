"""The columns that a ledger may have: each a fact of the language with its heading and how a row gives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

COLUMNS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "number": ("编号", lambda row: row.number),
    "channel": ("渠道", lambda row: row.channel),
    "category": ("分类", lambda row: row.category),
    "place": ("地点", lambda row: row.place),
    "stage": ("阶段", lambda row: row.stage_title),
    "lead": ("主办单位", lambda row: row.unit),
    "due_at": ("期限", lambda row: row.due_at),
    "solved": ("解决", lambda row: row.solved),
    "satisfaction": ("满意", lambda row: row.satisfaction),
    "urgency": ("紧急程度", lambda row: row.urgency),
    "opened_at": ("登记时间", lambda row: row.opened_at),
    "title": ("诉求", lambda row: row.title),
    "reworks": ("重办", lambda row: row.reworks),
    "class": ("类别", lambda row: row.grade_title),
    "unit": ("承办单位", lambda row: row.unit),
    "reported_in": ("是否报到", lambda row: row.reported_in),
    "reported_in_on_time": ("是否按时报到", lambda row: row.reported_in_on_time),
    "outcome": ("结果", lambda row: row.outcome_title),
}
"""The facts that a ledger's columns execute: heading and value."""

COLUMN_FACTS = tuple(COLUMNS)
