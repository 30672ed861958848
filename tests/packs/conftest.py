"""What the pack tests share: the library as shipped, and packs written in the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from youying.packs.edition import Edition, build_edition
from youying.packs.source import RawPack, library, parse_pack

LIBRARY = library()
LOCAL_FOLDER = Path(__file__).parents[2] / "src" / "youying" / "stories" / "local"


@pytest.fixture
def lib() -> dict[str, RawPack]:
    return dict(LIBRARY)


@pytest.fixture
def written() -> Callable[[str], RawPack]:
    """Reads a pack written in the test; a head without code gets one."""

    def write(text: str) -> RawPack:
        return parse_pack(text, file=text.split('code = "')[1].split('"')[0] + ".toml")

    return write


@pytest.fixture(scope="session")
def m01() -> Edition:
    return build_edition("m01", LIBRARY)


@pytest.fixture(scope="session")
def m03() -> Edition:
    return build_edition("m03", LIBRARY)
