"""What an export carries: its filters as data, the line that says whose it is."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters


def filters_as_data(filters: Filters) -> dict[str, Any]:
    """Filters as JSON keeps them, without those that do not filter."""
    blank = asdict(Filters())
    said = {name: value for name, value in asdict(filters).items() if value != blank[name]}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def filters_from(data: dict[str, Any]) -> Filters:
    """The filters that were kept."""
    said = dict(data)
    for name in ("since", "until"):
        if name in said:
            said[name] = datetime.fromisoformat(said[name])
    if "numbers" in said:
        said["numbers"] = tuple(said["numbers"])
    return replace(Filters(), **said)


def in_the_open(data: dict[str, Any]) -> dict[str, Any]:
    """What an entry may say of kept filters in clear: all but the words that were searched for."""
    return {name: value for name, value in data.items() if name != "text"}


def words_of(data: dict[str, Any]) -> dict[str, Any] | None:
    """The words that were searched for, which an entry keeps sealed: often they are somebody's name or telephone."""
    return {"text": data["text"]} if data.get("text") else None


def asker(viewer: Viewer) -> str:
    """Who asks, as the first line of the file names them."""
    post = "·".join(part for part in (viewer.unit_title, viewer.post_title) if part)
    return f"{viewer.name}（{post}）"[:120] if post else viewer.name[:120]


def watermark(who: str, at: datetime | None) -> str:
    """The first line of an exported file: whose it is, of when, and what it may be used for."""
    return f"{who} 于 {at:%Y-%m-%d %H:%M} 导出；个人信息已隐去，仅限工作使用，不得外传。"
