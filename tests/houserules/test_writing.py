"""Who may write: only actions, each a named act; only rules without Django; no import inside a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.houserules.reading import Function, Source, snippet, sources

# The record writes itself; jobs and their timers are the machinery of durable work and keep their rows themselves;
# the search index is SQL of its own per database, called inside the acts of matters and by nobody else.
WRITERS = ("record/", "jobs/", "matters/searching.py")
ROW_WRITES = {"save", "delete", "asave", "adelete"}
MANAGER_WRITES = {
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "acreate",
    "abulk_create",
}
QUERY_STEPS = {"objects", "filter", "exclude", "all", "select_for_update", "order_by", "using", "_default_manager"}
SQL_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|REPLACE)\b", re.IGNORECASE)


def may_write(source: Source) -> bool:
    """Whether the house lets this file write rows."""
    parts = source.path.split("/")
    return source.path.startswith(WRITERS) or parts[-1] == "actions.py" or "actions" in parts[:-1]


def knows_rows(source: Source) -> bool:
    """Whether the file imports tables of ours or of Django."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            if node.module.endswith(".models") or "models" in names or node.module.startswith("django.db"):
                return True
    return False


def steps(node: ast.expr) -> set[str]:
    """The names on the way to a call: `A.objects.filter(x)` gives objects and filter."""
    seen: set[str] = set()
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            seen.add(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    return seen


def is_write(call: ast.Call, *, rows_known: bool) -> bool:
    """Whether a call writes rows, as far as its shape tells."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, way = call.func.attr, steps(call.func.value)
    if name == "update" or name in MANAGER_WRITES:
        return bool(way & QUERY_STEPS)
    if name == "execute" and call.args and isinstance(call.args[0], ast.Constant):
        return bool(SQL_WRITE.match(str(call.args[0].value)))
    return name in ROW_WRITES and (rows_known or bool(way & QUERY_STEPS))


def stray_writes(read: Iterable[Source]) -> list[str]:
    return [
        f"{source.at(node)} writes outside actions: {ast.unparse(node)[:80]}"
        for source in read
        if not may_write(source)
        for rows_known in [knows_rows(source)]
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and is_write(node, rows_known=rows_known)
    ]


def inner_imports(read: Iterable[Source]) -> list[str]:
    return [
        f"{source.at(node)} imports inside {function.name}"
        for source in read
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def is_pure(source: Source) -> bool:
    """Kernel, packs and every file of rules."""
    return source.context in ("kernel", "packs") or source.path.endswith("rules.py")


def django_in_rules(read: Iterable[Source]) -> list[str]:
    return [
        f"{source.at(node)} imports {name}"
        for source in read
        if is_pure(source)
        for node in ast.walk(source.tree)
        for name in imported(node)
        if name.split(".")[0] in ("django", "django_tasks")
    ]


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def positional_public(read: Iterable[Source]) -> list[str]:
    """Acts whose `by` is not keyword-only: then nobody sees at the call who acts."""
    return [
        f"{source.at(function)} {function.name}: by must be keyword-only"
        for source in read
        if may_write(source) and not source.path.startswith(WRITERS)
        for function in source.functions()
        if is_act(function) and "by" not in {argument.arg for argument in function.args.kwonlyargs}
    ]


def is_act(function: Function) -> bool:
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "act"
        for mark in function.decorator_list
    )


def test_only_actions_write() -> None:
    assert stray_writes(sources()) == []


def test_nothing_is_imported_inside_a_function() -> None:
    assert inner_imports(sources()) == []


def test_rules_packs_and_kernel_know_nothing_of_django() -> None:
    assert django_in_rules(sources()) == []


def test_every_act_says_who_acts() -> None:
    assert positional_public(sources()) == []


def test_the_rule_sees_every_kind_of_write() -> None:
    head = "from youying.matters.models import Matter\n"
    for line in (
        "Matter.objects.create(x=1)",
        "Matter.objects.filter(x=1).update(x=2)",
        "Matter.objects.select_for_update().filter(x=1).delete()",
        "matter.save()",
        "matter.delete()",
        "Matter.objects.bulk_create([])",
        "matter.clocks.all().update(x=1)",
    ):
        assert len(stray_writes([snippet(head + line)])) == 1, line
        assert stray_writes([snippet(head + line, "matters/actions.py")]) == [], line
        assert stray_writes([snippet(head + line, "matters/actions/parts.py")]) == [], line
    assert len(stray_writes([snippet("cursor.execute('DELETE FROM matter')")])) == 1


def test_the_rule_leaves_dictionaries_digests_and_pictures_alone() -> None:
    harmless = (
        "seen.update(a=1)\nmac.update(b'x')\npicture.save('x.png')\ncursor.execute('SELECT 1')\nfactory.create()\n"
    )
    assert stray_writes([snippet(harmless, "files/pictures.py")]) == []


def test_the_rules_see_an_inner_import_django_in_rules_and_an_act_without_an_actor() -> None:
    assert len(inner_imports([snippet("def f():\n    import os\n")])) == 1
    assert len(django_in_rules([snippet("from django.db import models", "matters/rules.py")])) == 1
    assert len(django_in_rules([snippet("import django", "kernel/clocks.py")])) == 1
    assert django_in_rules([snippet("import django", "matters/queries.py")]) == []
    assert len(positional_public([snippet("@act('a.b')\ndef f(by): ...", "matters/actions.py")])) == 1
    assert positional_public([snippet("@act('a.b')\ndef f(*, by): ...", "matters/actions.py")]) == []
