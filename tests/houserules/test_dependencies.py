"""Every dependency is named in its record with the range that is locked for, and none that is installed is GPL or AGPL."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from tests.houserules.reading import ROOT

RECORD = ROOT / "docs" / "decisions" / "0002-dependencies.md"
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?\s*(?P<range>[^;]*)")
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| `(?P<range>[^`]+)` \| (?P<licence>[^|]+) \| (?P<use>[^|]+) \|", re.MULTILINE
)
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )A?GPL|(?<!Lesser )General Public", re.IGNORECASE)


def wanted_of_python(project: Mapping[str, object]) -> dict[str, str]:
    """Name → range of every dependency of the program, its extras and its groups."""
    table = project["project"]
    assert isinstance(table, dict)
    groups = [*table.get("optional-dependencies", {}).values(), *project.get("dependency-groups", {}).values()]  # type: ignore[attr-defined]
    lines = [*table["dependencies"], *(line for group in groups for line in group if isinstance(line, str))]
    found = [match for line in lines if (match := REQUIREMENT.match(line))]
    return {match["name"].lower(): match["range"].strip() for match in found}


def wanted_of_the_front_end(package: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Name → range of what the front end is built from and with."""
    return {**package.get("dependencies", {}), **package.get("devDependencies", {})}


def told(record: str) -> dict[str, str]:
    """Name → range of every row of the record that also says a licence and a use."""
    return {match["name"]: match["range"] for match in ROW.finditer(record) if match["use"].strip()}


def licence_of(distribution: Distribution) -> str:
    """The licence as a distribution states it: the expression, else its classifiers, else its first line."""
    stated = distribution.metadata
    classifiers = [line for line in stated.get_all("Classifier") or [] if line.startswith("License ::")]
    first = (stated.get("License") or "").strip().split("\n")[0]
    return stated.get("License-Expression") or "; ".join(classifiers) or first


def refused(licences: Iterable[tuple[str, str]]) -> list[str]:
    """What is GPL or AGPL, and what states no licence at all."""
    return sorted(f"{name}: {said or 'no licence'}" for name, said in licences if not said or COPYLEFT.search(said))


def locked_front_end(lock: Path) -> list[tuple[str, str]]:
    """Name and licence of everything that the front end's lock brings."""
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    return [(name, str(one.get("license") or "")) for name, one in packages.items() if name]


def test_every_dependency_stands_in_the_record_with_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    package = json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))
    wanted = wanted_of_python(project) | wanted_of_the_front_end(package)
    assert len(wanted) > 30
    assert told(RECORD.read_text("utf-8")) == wanted


def test_nothing_installed_is_gpl_or_agpl() -> None:
    installed = [(one.metadata["Name"], licence_of(one)) for one in distributions()]
    assert len(installed) > 30
    assert refused(installed) == []


def test_nothing_the_front_end_locks_is_gpl_or_agpl() -> None:
    locked = locked_front_end(ROOT / "frontend" / "package-lock.json")
    assert len(locked) > 5
    assert refused(locked) == []


def test_the_rule_sees_a_dependency_that_is_missing_or_changed() -> None:
    project = {
        "project": {"dependencies": ["django>=5.2,<5.3", "psycopg[binary]>=3.2"]},
        "dependency-groups": {"dev": ["pytest>=8; python_version > '3'", {"include-group": "other"}]},
    }
    assert wanted_of_python(project) == {"django": ">=5.2,<5.3", "psycopg": ">=3.2", "pytest": ">=8"}
    assert told("| `django` | `>=5.2` | BSD-3-Clause | tables | |") == {"django": ">=5.2"}
    assert told("| `django` | `>=5.2` | BSD-3-Clause | | |") == {}
    assert told("django is used for tables") == {}


def test_the_rule_sees_a_licence_that_may_not_be_used() -> None:
    bad = [("a", "GPL-3.0-only"), ("b", "AGPL-3.0"), ("c", "GNU General Public License v2 (GPLv2)"), ("d", "")]
    good = [("e", "LGPL-3.0-only"), ("f", "GNU Lesser General Public License v3"), ("g", "MIT"), ("h", "BSD-3-Clause")]
    assert refused(bad + good) == sorted([*(f"{name}: {said}" for name, said in bad[:3]), "d: no licence"])


def test_the_makefile_refuses_the_pythons_that_the_project_does_not_take() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    least, below = re.findall(r"3\.(\d+)", project["requires-python"])
    assert f"(3, {least}) <= v < (3, {below})" in (ROOT / "Makefile").read_text("utf-8")
