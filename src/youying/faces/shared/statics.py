"""Addresses of the built styles, scripts and icons, by the manifest that the build writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from markupsafe import Markup

from youying.kernel.refusals import Refused

FOLDER = Path(__file__).resolve().parent.parent.parent / "static"
MANIFEST = FOLDER / "build" / "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the build made: file names by their plain name, and the names of the icons."""

    files: dict[str, str]
    icons: frozenset[str]


def manifest() -> Manifest:
    """The manifest as it stands on disk, read again only when a build has replaced it."""
    try:
        return _read(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        raise Refused("front-end-not-built", say="页面的样式和脚本还没有生成，请运行 make setup。") from None


def static(name: str) -> str:
    """The address of a static file: built ones by their hashed name, others as they are."""
    return f"{settings.STATIC_URL}{manifest().files.get(name, name)}"


def icon(name: str, label: str = "") -> Markup:
    """An icon as SVG; without a label it is decoration and screen readers pass over it."""
    if name not in manifest().icons:
        raise Refused("icon-unknown", say=f"图标表里没有“{name}”，请写进 frontend/icons.txt 并重新生成。", have=name)
    heard = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="ti" {}><use href="{}#{}"></use></svg>').format(heard, static("icons.svg"), name)


@lru_cache(maxsize=2)
def _read(changed_ns: int) -> Manifest:
    said = json.loads(MANIFEST.read_text("utf-8"))
    return Manifest(files=said["files"], icons=frozenset(said["icons"]))
