"""The audit page says in Chinese what was done, to what, and where it came from."""

from __future__ import annotations

import ast
import re

import pytest

from tests.houserules.reading import SRC
from tests.houserules.test_registers import acts
from youying.faces.desk.audit.words import act_words, origin_words, subject_words

CHINESE = re.compile("[\u4e00-\u9fff]")
WRITERS = {"write", "commit", "_enter"}


def written() -> set[str]:
    """Every act that the sources write into the record by a word of their own."""
    found: set[str] = set()
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in WRITERS and len(node.args) > 1:
                said = node.args[1]
                found |= {said.value} if isinstance(said, ast.Constant) and isinstance(said.value, str) else set()
    return found


def name_of(function: ast.expr) -> str:
    """The last word of what is called."""
    return getattr(function, "attr", "") or getattr(function, "id", "")


def test_every_act_has_a_chinese_name_on_the_audit_page() -> None:
    names = sorted(info.name for info in acts())
    assert len(names) > 100
    assert [name for name in names if not CHINESE.search(act_words(name))] == []


def test_every_entry_that_the_sources_write_has_a_chinese_name() -> None:
    assert {"follow-move", "merged-here", "wake", "pass-up"} <= written()
    assert [name for name in sorted(written()) if not CHINESE.search(act_words(name))] == []


@pytest.mark.parametrize("subject", ["import:7", "export:7", "notice:7", "model:7", "record:roots", "expiry:20261113"])
def test_what_was_acted_on_is_said_in_words(subject: str) -> None:
    assert CHINESE.search(subject_words(subject))


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("web · Chrome · Linux", "网页 · Chrome · Linux"),
        ("portal", "居民端"),
        ("导入12", "导入12"),
        ("", "系统自己"),
    ],
)
def test_where_an_act_came_from_is_said_in_words(origin: str, said: str) -> None:
    assert origin_words(origin) == said
