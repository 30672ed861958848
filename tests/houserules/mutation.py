"""How good the tests are: damage a rule or the pack language in one place, run its tests, count who noticed.

`python -m tests.houserules.mutation 60` makes 60 damages, spread evenly and the same in every run.
"""

from __future__ import annotations

import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from tests.houserules.reading import ROOT, Source, sources

FEWEST_KILLED = 0.85
SECONDS_A_RUN = 180
SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
Damage = Callable[[ast.AST], bool]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One damage: which file, at which line, what was done, and the damaged text."""

    path: str
    line: int
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a damage can be done: the file, the node's number in `ast.walk`, and what to do."""

    source: Source
    number: int
    damage: Damage


def compare(node: ast.AST) -> bool:
    """Turn a comparison into its neighbour."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        node.ops[0] = SWAPS[type(node.ops[0])]()
        return True
    return False


def either(node: ast.AST) -> bool:
    """Turn `and` into `or`, and back."""
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return True
    return False


def number(node: ast.AST) -> bool:
    """Make a number one larger."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1
        return True
    return False


def truth(node: ast.AST) -> bool:
    """Turn True into False, and back."""
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        node.value = not node.value
        return True
    return False


def negation(node: ast.AST) -> bool:
    """Turn a condition round."""
    if isinstance(node, ast.If) and not isinstance(node.test, ast.Compare):
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return True
    return False


def arithmetic(node: ast.AST) -> bool:
    """Turn plus into minus, and back."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return True
    return False


DAMAGES: tuple[Damage, ...] = (compare, either, number, truth, negation, arithmetic)


def inside_functions(tree: ast.Module) -> list[int]:
    """Places, in the order of `ast.walk`, that run when a rule decides; tables and types outside are left alone."""
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for part in ast.walk(node)}
    return [place for place, node in enumerate(ast.walk(tree)) if id(node) in within]


def places_of(source: Source) -> Iterator[Place]:
    """Every damage that can be done to a file, not yet done."""
    wanted = set(inside_functions(source.tree))
    for place, node in enumerate(ast.walk(source.tree)):
        if place in wanted:
            yield from (Place(source, place, damage) for damage in DAMAGES if damage(copy.deepcopy(node)))


def done(place: Place) -> Mutant:
    """Do the damage to a copy of the file."""
    tree = copy.deepcopy(place.source.tree)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == place.number)
    place.damage(node)
    text = ast.unparse(ast.fix_missing_locations(tree))
    return Mutant(place.source.path, getattr(node, "lineno", 0), place.damage.__name__, text)


def judged() -> list[Source]:
    """The files that the figure is about: every file of rules, and the pack language."""
    return [source for source in sources() if source.path.endswith("rules.py") or source.context == "packs"]


def chosen(most: int) -> list[Mutant]:
    """A sample spread evenly over all files."""
    everything = [place for source in judged() for place in places_of(source)]
    step = max(len(everything) / most, 1)
    return [done(everything[int(number * step)]) for number in range(min(most, len(everything)))]


def caught(mutant: Mutant, *, copied: Path) -> bool:
    """Whether the tests of the context fail (or hang) on the damaged file."""
    target = copied / "src" / "youying" / mutant.path
    whole = target.read_text("utf-8")
    target.write_text(mutant.text, "utf-8")
    folder = copied / "tests" / mutant.path.split("/")[0]
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-m", "not browser and not kill"]
    try:
        run = subprocess.run(
            [*command, str(folder)],
            cwd=copied,
            env=environment(copied),
            capture_output=True,
            timeout=SECONDS_A_RUN,
            check=False,
        )
        return run.returncode == 1 or run.returncode == 2
    except subprocess.TimeoutExpired:
        return True
    finally:
        target.write_text(whole, "utf-8")


def environment(copied: Path) -> dict[str, str]:
    """The copy's own sources come first."""
    return {**os.environ, "PYTHONPATH": f"{copied / 'src'}:{copied}", "PYTHONDONTWRITEBYTECODE": "1"}


def copy_sources(to: Path) -> Path:
    """A copy to damage, so that nobody's checkout is touched."""
    for name in ("src", "tests", "docs"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def main(most: int) -> int:
    """Run the sample, print who survived and the share that was caught."""
    with tempfile.TemporaryDirectory(prefix="youying-mutants-") as folder:
        copied = copy_sources(Path(folder))
        sample = chosen(most)
        survived = [one for one in track(sample, "变异") if not caught(one, copied=copied)]
    for one in survived:
        sys.stdout.write(f"survived: {one.path}:{one.line} {one.what}\n")
    share = 1 - len(survived) / len(sample)
    sys.stdout.write(
        f"killed {len(sample) - len(survived)} of {len(sample)} ({share:.1%}); at least {FEWEST_KILLED:.0%} wanted\n"
    )
    return 0 if share >= FEWEST_KILLED else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
