"""A file of the record that sheets belong to, a survey among the street's forms, and who may look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matters.world import World, adopt
from tests.record.desk import open_matter
from tests.sheets.forms import items, raw_with
from youying.editions.snapshot import STAMP
from youying.files import queries as files
from youying.files import storage
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.places.actions import touch

SUBJECT = "file:1"


def let_in(viewer: Viewer, subject: str) -> None:
    """Only who holds a post in the street sees its files."""
    if viewer.kind != "post" or not viewer.reach.startswith("/99/9901/990101/990101001"):
        raise Refused("not-found", say="没有这份资料。")


@pytest.fixture
def survey(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The street with a survey form and one open file of the record."""
    monkeypatch.setattr(storage, "folder", lambda: tmp_path / "uploads")
    monkeypatch.setattr(files, "GUARDS", {**files.GUARDS, "file": let_in})
    table = items(
        "what", "came", "deed", "phone",
        income={"title": "收入", "type": "money", "mask": True},
        card={"title": "身份证明", "type": "file", "mask": True, "must": False},
        effort={"title": "成效", "type": "number", "points": 10, "must": False},
    )  # fmt: skip
    world.edition = adopt(raw_with(table), world.town)
    touch(STAMP)
    open_matter(SUBJECT, by=SYSTEM, series="file")
    return world
