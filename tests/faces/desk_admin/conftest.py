"""Administration's tests: the fictional street with a local pack of its own, and who may change what."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.faces.desk.conftest import enter, give, world  # noqa: F401
from tests.matters.world import World
from youying.access.models import Unit
from youying.editions import actions as editions
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act

LOCAL = """\
# 柳湾街道自己的写法
[pack]
code = "liuwan-test"
title = "柳湾街道本地包"
version = 1
local = true
origin = "测试：地名是虚构的"
about = "柳湾街道采用基础包，写上自己的数字。"
extends = ["m01@1"]

[loop.demand.clocks]
contact.within = "24 hours"  # 首次联系
"""
POWERS = ("packs", "places", "accounts", "audit", "export")


@act("tests.open-units")
def open_units(*, by: Viewer) -> None:
    """The record knows the units of the street, so that they can be changed."""
    for unit in Unit.objects.all():
        open_subject(unit.subject)
        write(unit.subject, "tests.open-units", by=by, facts={})


@pytest.fixture
def street(world: World) -> World:  # noqa: F811 - pytest's way to ask for a fixture
    """The street follows a local pack; its leader and its secretary administer it, each within reach."""
    editions.adopt(world.town, local_toml=LOCAL, by=SYSTEM)
    open_units(by=SYSTEM)
    for name in ("leader", "secretary", "stranger"):
        give(world.people[name], *POWERS)
    return world


def table(*lines: list[Any], name: str = "表.xlsx") -> SimpleUploadedFile:
    """A table as somebody uploads it."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    return SimpleUploadedFile(name, kept.getvalue())


def cells(content: bytes) -> list[list[Any]]:
    """The cells of a table that was given back."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
