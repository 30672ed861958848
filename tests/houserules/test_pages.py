"""Pages: masked, translated, without inline style, with a known icon; every address says who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from jinja2 import nodes

from tests.houserules.reading import ROOT, TEMPLATES
from youying.access.guard import open_to_all, rule_of
from youying.faces.jinja import environment

PERSONAL = {"phone", "mobile", "id_number", "id_card", "birthday", "health", "card_number"}
PEOPLE = {"reporter", "person", "caller", "resident", "neighbour", "owner", "reporters"}
# What a person types into a form is shown back to that person; `unmasked` holds what an unmask act has just opened.
SHOWN_BACK = {"form", "given", "errors", "labels", "unmasked"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Letters of the seal and of the lamp are pictures; names of languages are said in that language.
PICTURES = {"应", "超", "简体中文"}


def templates() -> Iterator[tuple[str, str]]:
    for page in sorted(TEMPLATES.rglob("*.html")):
        yield str(page.relative_to(TEMPLATES)), page.read_text("utf-8")


def bare_personal(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Personal fields that a page prints as they are."""
    made = environment()
    return [
        f"{name}:{node.lineno} prints {said} without a mask"
        for name, text in pages
        for output in made.parse(text).find_all(nodes.Output)
        for node in output.nodes
        if (said := personal_in(node))
    ]


def personal_in(node: nodes.Node) -> str:
    """The personal field printed by an expression, unless a mask stands over it."""
    if isinstance(node, nodes.Filter) and node.name.startswith("masked"):
        return ""
    if isinstance(node, nodes.Getattr) and is_personal(node):
        return f"{base_of(node)}.{node.attr}"
    # Arguments of a macro call (a field's value in a form) are the macro's business, conditions print nothing.
    if isinstance(node, nodes.Call | nodes.TemplateData):
        return ""
    if isinstance(node, nodes.CondExpr):
        return personal_in(node.expr1) or (personal_in(node.expr2) if node.expr2 else "")
    return next((said for child in node.iter_child_nodes() if (said := personal_in(child))), "")


def is_personal(node: nodes.Getattr) -> bool:
    base = base_of(node)
    return base not in SHOWN_BACK and (node.attr in PERSONAL or (node.attr == "name" and base in PEOPLE))


def base_of(node: nodes.Getattr) -> str:
    inner = node.node
    if isinstance(inner, nodes.Name):
        return inner.name
    return inner.attr if isinstance(inner, nodes.Getattr) else ""


def inline(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Style and script inside a page, which the content security policy refuses."""
    bad = re.compile(r"\sstyle=|\son[a-z]+=[\"']|<style\b|<script(?![^>]*(?:src=|application/json))")
    return [f"{name}: {found[0].strip()}" for name, text in pages for found in bad.finditer(without_comments(text))]


def unsaid(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Chinese outside of `_()`: an English reader would meet it."""
    made = environment()
    return [
        f"{name}:{node.lineno} says {CHINESE.search(node.data + ' ') and node.data.strip()[:40]!r} untranslated"
        for name, text in pages
        for node in made.parse(text).find_all(nodes.TemplateData)
        if CHINESE.search(strip_pictures(node.data))
    ]


def strip_pictures(text: str) -> str:
    for picture in PICTURES:
        text = text.replace(picture, "")
    return text


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def curled(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Addresses and other attributes that hold a Chinese quotation mark, written or put there by `quoted`."""
    written = re.compile(r"""\s(?:href|src|action|hx-[a-z]+)=(?:"[^"]*[“”‘’]|'[^']*[“”‘’])""")
    made = environment()
    found = [f"{name}: {hit[0].strip()}" for name, text in pages for hit in written.finditer(without_words(text))]
    for name, text in pages:
        for output in made.parse(text).find_all(nodes.Output):
            found += [
                f"{name}:{node.lineno} puts quoted words into an attribute"
                for before, node in pairwise(output.nodes)
                if isinstance(before, nodes.TemplateData) and before.data.rstrip("\"'").endswith("=") and quotes(node)
            ]
    return found


def quotes(node: nodes.Node) -> bool:
    return any(one.name == "quoted" for one in (node, *node.find_all(nodes.Filter)) if isinstance(one, nodes.Filter))


def without_words(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "", without_comments(text), flags=re.DOTALL)


def unknown_icons(pages: Iterable[tuple[str, str]]) -> list[str]:
    known = set((ROOT / "frontend" / "icons.txt").read_text("utf-8").split("\n"))
    return [
        f"{name}: {icon}"
        for name, text in pages
        for icon in re.findall(r"\bicon\(\s*[\"']([^\"']+)[\"']", text)
        if icon not in known
    ]


def ruleless(patterns: Iterable[Any], before: str = "") -> list[str]:
    """Addresses whose view does not say who may open it."""
    found: list[str] = []
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += ruleless(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and rule_of(pattern.callback) is None:
            found.append(address)
    return found


def test_no_page_prints_a_personal_field_without_a_mask() -> None:
    assert bare_personal(templates()) == []


def test_no_page_carries_style_or_script() -> None:
    assert inline(templates()) == []


def test_every_word_on_a_page_can_be_translated() -> None:
    assert unsaid(templates()) == []


def test_every_icon_on_a_page_is_in_the_list() -> None:
    assert unknown_icons(templates()) == []


def test_no_address_on_a_page_holds_a_chinese_quotation_mark() -> None:
    assert curled(list(templates())) == []


def test_every_address_says_who_may_open_it() -> None:
    assert ruleless(get_resolver().url_patterns) == []


@pytest.mark.parametrize(
    "line",
    [
        "{{ reporter.phone }}",
        "{{ matter.reporter.name }}",
        "{{ person.id_number|upper }}",
        "{{ _('电话') ~ caller.phone }}",
        "{{ a.phone if x else '' }}",
    ],
)
def test_the_rule_sees_a_bare_personal_field(line: str) -> None:
    assert len(bare_personal([("bad.html", line)])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "{{ reporter.phone|masked_phone }}",
        "{{ unit.name }}",
        "{{ form.phone }}",
        "{{ unmasked.phone }}",
        "{% if reporter.phone %}x{% endif %}",
    ],
)
def test_the_rule_leaves_masked_and_public_fields_alone(line: str) -> None:
    assert bare_personal([("good.html", line)]) == []


def test_the_rules_see_inline_style_bare_chinese_and_unknown_icons() -> None:
    bad = [("bad.html", '<p style="x" onclick="y">签收{{ icon("no-such-icon") }}</p><script>1</script>')]
    assert len(inline(bad)) == 3
    assert len(unsaid(bad)) == 1
    assert unknown_icons(bad) == ["bad.html: no-such-icon"]
    assert unsaid([("good.html", '<p>{{ _("签收") }}</p>')]) == []


@pytest.mark.parametrize(
    "line",
    [
        '<a href="{{ url("desk:funds") }}?place={{ place|quoted }}">x</a>',
        '<a href="/desk/?q=“{{ q }}”">x</a>',
        "{% macro here() %}/desk/?place={{ place|quoted }}{% endmacro %}",
    ],
)
def test_the_rule_sees_a_chinese_quotation_mark_in_an_address(line: str) -> None:
    assert len(curled([("bad.html", line)])) == 1


def test_the_rule_leaves_quoted_words_alone() -> None:
    assert curled([("good.html", '<a href="/desk/" title="“x”">{{ words|quoted }}</a>{{ _("“是”") }}')]) == []


def test_the_rule_sees_a_view_without_a_rule() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    guarded: Callable[..., HttpResponse] = open_to_all("测试")(lambda request: HttpResponse())
    assert ruleless([path("bare/", bare), path("open/", guarded)]) == ["bare/"]


def test_page_sources_are_found() -> None:
    assert Path("desk/base.html") in {Path(name) for name, _ in templates()}
