"""Budgets: small files, small functions, few branches."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.houserules.reading import ROOT, Source, length, snippet, sources

FILE_LINES = 400
FUNCTION_LINES = 60
MEDIAN_LINES = 8
P95_LINES = 30
BRANCHES = 8


def long_files(read: Iterable[Source]) -> list[str]:
    return [f"{source.path} has {source.lines} lines" for source in read if source.lines > FILE_LINES]


def long_functions(read: Iterable[Source]) -> list[str]:
    return [
        f"{source.at(function)} {function.name} has {length(function)} lines"
        for source in read
        for function in source.functions()
        if length(function) > FUNCTION_LINES
    ]


def lengths(read: Iterable[Source]) -> list[int]:
    return sorted(length(function) for source in read for function in source.functions())


def branching(folder: Path) -> str:
    """What ruff says of functions with more branches than allowed; nothing where there are none."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "C901", "--output-format", "concise"]
    setting = ["--config", f"lint.mccabe.max-complexity={BRANCHES}", "--exclude", "migrations", "--ignore-noqa"]
    said = subprocess.run([*command, *setting, str(folder)], capture_output=True, text=True, check=False)
    return "" if said.returncode == 0 else said.stdout + said.stderr


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert long_files(sources()) == []


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert long_functions(sources()) == []


def test_half_of_the_functions_have_at_most_eight_lines_and_nearly_all_thirty() -> None:
    found = lengths(sources())
    assert statistics.median(found) <= MEDIAN_LINES
    assert found[math.ceil(len(found) * 0.95) - 1] <= P95_LINES


def test_no_function_branches_more_than_eight_ways() -> None:
    assert branching(ROOT / "src") == ""


def test_the_rules_see_a_long_file_and_a_long_function() -> None:
    long = snippet("def f():\n" + "    x = 1\n" * (FILE_LINES + 1))
    assert len(long_files([long])) == 1
    assert len(long_functions([long])) == 1
    assert long_functions([snippet("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1))]) == []


def test_the_rule_sees_too_many_branches(tmp_path: Path) -> None:
    for name, branches in (("few.py", BRANCHES - 1), ("many.py", BRANCHES)):
        body = "".join(f"    if x == {n}:\n        return {n}\n" for n in range(branches))
        (tmp_path / name).write_text(f"def f(x):\n{body}    return -1\n", "utf-8")
    said = branching(tmp_path)
    assert "many.py" in said
    assert "few.py" not in said
