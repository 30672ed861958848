"""What the sources may and may not say: docstrings yes; tickets, machines, packs and places no."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from tests.houserules.reading import ROOT, SRC, Function, Source, is_public, snippet, sources

NEVER = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|\b(?:[Ii]ssue|[Tt]icket|PR) ?#?\d+\b|(?<![&\w'\"/(`])#\d{1,5}\b|/work/|/tmp/yy"
    r"|\b(?i:claude|anthropic|copilot|chatgpt)\b"
)
# Provinces and the capitals that our sources are about: a place is data, never a word of the program.
PLACES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "西宁",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "广州",
    "深圳",
    "沈阳",
    "郑州",
    "长沙",
]
# Law names provinces as plate letters and number ranges, and the cities whose own rules a clause quotes are named there.
MAY_NAME_PLACES = ("stories/",)
LAW = re.compile(r"《[^《》]{2,40}(?:法|条例|办法|规定|规则|规范)》")
"""A quoted law: its title may name the place that made it, for a clause is cited by its full name."""
LEAST_TITLE = 4
DIRECTORIES_OF_TEXT = ("src", "tests", "docs", "bench", "frontend/src")
ENDINGS = {".py", ".html", ".md", ".ts", ".css", ".toml", ".mjs"}


def silent_functions(read: Iterable[Source]) -> list[str]:
    return [f"{source.at(node)} {node.name} has no docstring" for source in read for node in speechless(source)]


def speechless(source: Source) -> Iterator[Function | ast.ClassDef]:
    """Public functions, methods and classes of a file without a sentence of their own."""
    holders: list[ast.Module | ast.ClassDef] = [source.tree]
    while holders:
        for node in holders.pop().body:
            if not isinstance(node, Function | ast.ClassDef) or not is_public(node.name):
                continue
            if ast.get_docstring(node) is None and not excused(node):
                yield node
            if isinstance(node, ast.ClassDef):
                holders.append(node)


def excused(node: Function | ast.ClassDef) -> bool:
    """Django's inner Meta, overloads, and what only answers a name that a framework fixed."""
    if isinstance(node, ast.ClassDef):
        return node.name == "Meta"
    marks = {mark.id for mark in node.decorator_list if isinstance(mark, ast.Name)}
    return "overload" in marks or node.name in ("ready", "process_exception")


def forbidden_words(texts: Iterable[tuple[str, str]]) -> list[str]:
    return [
        f"{name}:{number} says {found[0]!r}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), 1)
        if (found := NEVER.search(line))
    ]


def all_texts() -> Iterator[tuple[str, str]]:
    for folder in DIRECTORIES_OF_TEXT:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ENDINGS and readable(path):
                yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def readable(path: Path) -> bool:
    return not {"node_modules", "build", "houserules", "migrations"} & set(path.parts)


@lru_cache(maxsize=1)
def pack_names() -> frozenset[str]:
    """Codes and titles of the shipped packs, and the names of local packs in the stories."""
    names: set[str] = set()
    for path in [*SRC.glob("packs/library/*.toml"), *SRC.glob("stories/**/*.toml")]:
        head = tomllib.loads(path.read_text("utf-8")).get("pack", {})
        title = re.sub(r"（.*?）", "", head.get("title", ""))
        names |= {head.get("code", ""), title}
    return frozenset(name for name in names if len(name) >= LEAST_TITLE or re.fullmatch(r"m\d\d", name))


def names_said(read: Iterable[Source], names: Iterable[str]) -> list[str]:
    wanted = re.compile(
        "|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" if name.isascii() else re.escape(name) for name in names)
    )
    return [
        f"{source.at(node)} names {found[0]}"
        for source in read
        if not source.path.startswith(MAY_NAME_PLACES)
        for node in words_in_code(source)
        if (found := wanted.search(LAW.sub("", str(node.value))))
    ]


def words_in_code(source: Source) -> Iterator[ast.Constant]:
    """The texts that the program works with; docstrings may quote a source."""
    quoting = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quoting:
            yield node


def test_everything_public_says_in_a_sentence_what_it_does() -> None:
    assert silent_functions(sources()) == []


def test_no_text_holds_a_ticket_a_todo_or_a_path_of_some_machine() -> None:
    assert forbidden_words(all_texts()) == []


def test_no_python_names_a_pack() -> None:
    assert pack_names()
    assert names_said(sources(), pack_names()) == []


def test_no_python_names_a_place() -> None:
    assert names_said(sources(), PLACES) == []


def test_the_rules_see_silence_tickets_packs_and_places() -> None:
    silent = snippet("class A:\n    def b(self): ...\n    class Meta: ...\ndef _c(): ...\n")
    assert len(silent_functions([silent])) == 2
    for line in ("# TODO later", "see issue 12", "fixed #431", "open('/work/x')"):
        assert len(forbidden_words([("a.py", line)])) == 1, line
    assert forbidden_words([("a.css", "color: #1b2530; &#39; href='#12' ")]) == []
    assert len(names_said([snippet("x = 'm01'")], ["m01"])) == 1
    assert names_said([snippet("x = 'warm01'")], ["m01"]) == []
    assert len(names_said([snippet("if town == '西宁市': pass")], PLACES)) == 1
    assert names_said([snippet('"""《北京市接诉即办工作条例》"""')], PLACES) == []


def test_a_law_is_cited_by_its_full_title_and_nothing_beside_it_names_a_place() -> None:
    assert names_said([snippet("x = '《北京市接诉即办工作条例》第17条'")], PLACES) == []
    for text in (
        "北京市接诉即办工作条例",
        "《北京市接诉即办工作条例》，北京第17条",
        "《北京日报》",
        "《条例》北京《条例》",
    ):
        assert len(names_said([snippet(f"x = {text!r}")], PLACES)) == 1, text
