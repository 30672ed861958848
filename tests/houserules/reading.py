"""The sources as the house rules read them: files, trees, functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SRC = ROOT / "src" / "youying"
TEMPLATES = SRC / "faces" / "templates"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the package and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @property
    def context(self) -> str:
        """The package it belongs to: "matters", "kernel"."""
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())

    def at(self, node: ast.AST) -> str:
        """Where a node stands, to print."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}"

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every Python file of the product, without migrations."""
    found = sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)
    return tuple(Source(str(path.relative_to(SRC)), path.read_text("utf-8")) for path in found)


@lru_cache(maxsize=1)
def text_of_tests() -> str:
    """The text of all tests but these, as one."""
    found = sorted(path for path in (ROOT / "tests").rglob("*.py") if "houserules" not in path.parts)
    # A `from __future__` line may stand only at the top of a file, and here many files become one.
    return "\n".join(path.read_text("utf-8").replace("from __future__ import annotations", "") for path in found)


def snippet(text: str, path: str = "matters/queries.py") -> Source:
    """A made-up source, to show a rule something bad."""
    return Source(path, text)


def length(function: Function) -> int:
    """Lines from `def` to the last one; decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_public(name: str) -> bool:
    """Whether others may call it."""
    return not name.startswith("_")
