"""Run the measurements and write the table: `python -m bench --scale 10k,100k`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import intake, memory
from bench.figures import Figure
from bench.installing import KINDS, Server, database_server, installation
from bench.processes import ROOT

SCALES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
PEER_TICKETS = 200_000
PEER_TIMES = 20
RESULTS = ROOT / "bench" / "RESULTS.md"
HEAD = """# Measured

Written by `make bench`, never by hand: every figure was printed by the run named in its section. Times are medians and
p95 on the wall, CPU is server and database together; what is not reached, and why, stands in
[decision 0050](../docs/decisions/0050-bench.md)."""
out = Console(width=170, highlight=False)


def main() -> None:
    """Measure what was asked for; write the table after every figure, so that a run cut short leaves what it found."""
    asked = _arguments()
    load = os.getloadavg()
    figures: list[Figure] = []
    for found in measured(asked):
        figures += found
        write(figures, RESULTS, title=title_of(asked), load=load)
    show(figures)


def title_of(asked: argparse.Namespace) -> str:
    """The heading of a run: its scales, and the database where only one was asked for."""
    kinds = asked.databases.split(",")
    only = f", {intake.NAMES[kinds[0]]} alone" if len(kinds) == 1 else ""
    return f"## Histories of {asked.scale.replace(',', ' and ')} matters{only}"


def measured(asked: argparse.Namespace) -> Iterator[list[Figure]]:
    """All that was asked for, as it is found."""
    for kind in asked.databases.split(","):
        with database_server(kind) as server:
            yield from measure(server, asked.scale.split(","), parts=asked.parts.split(","))
    if "memory" in asked.parts:
        yield memory.measure()
    if "classification" in asked.parts and os.environ.get("YOUYING_TEST_DATA"):
        yield classification()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure against floors and peers in the same run.")
    parser.add_argument("--scale", default="10k,100k", help="10k, 100k, 1m, or several with commas")
    parser.add_argument("--databases", default=",".join(KINDS))
    parser.add_argument("--parts", default="intake,list,history,memory,classification")
    asked = parser.parse_args()
    if strange := set(asked.scale.split(",")) - set(SCALES):
        parser.error(f"no such scale: {', '.join(strange)}; known are {', '.join(SCALES)}")
    return asked


def measure(server: Server, scales: list[str], *, parts: list[str]) -> Iterator[list[Figure]]:
    """Every row on one kind of database."""
    found: list[Figure] = []
    if "intake" in parts:
        yield intake.measure(server)
    peer_ms = 0.0
    if "list" in parts:
        listed, peer_ms = intake.measure_list(server, PEER_TICKETS)
        yield listed
    for scale in scales if "history" in parts else []:
        for figure in inside(server, SCALES[scale]):
            found.append(figure)
            yield [figure]
    yield [*beside_peer(found, peer_ms), *beside_small(found)]


def inside(server: Server, count: int) -> Iterator[Figure]:
    """The rows measured inside an installation of one scale."""
    with installation(server, "history") as place:
        command = [sys.executable, "-m", "bench.inside", "measure", str(count)]
        with subprocess.Popen(command, env=place.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
            for line in running.stdout or ():
                if line.startswith("{"):
                    yield Figure(**json.loads(line))
        if running.returncode:
            raise SystemExit(f"the measurement at {count:,} ended with {running.returncode}")


def beside_peer(found: list[Figure], peer_ms: float) -> list[Figure]:
    """Our list of all matters beside the peer's."""
    ours = [one for one in found if one.row.startswith("worklist, 50 rows, all")]
    if not ours or not peer_ms:
        return []
    slow = p95_of(ours[-1])
    times = peer_ms / slow
    return [
        Figure("worklist p95 beside django-helpdesk's list at 200,000", ours[-1].where, f"{slow:.1f} ms", f"{peer_ms:.0f} ms: {times:.0f} ×",
               f"≥ {PEER_TIMES} ×", times >= PEER_TIMES)
    ]  # fmt: skip


def beside_small(found: list[Figure]) -> list[Figure]:
    """The largest history's lists beside the smallest one's."""
    grown = []
    for state in ("open", "all"):
        ours = [one for one in found if one.row.startswith(f"worklist, 50 rows, {state}")]
        if len(ours) > 1:
            times = p95_of(ours[-1]) / p95_of(ours[0])
            row = f"worklist p95, {state}: largest beside smallest history"
            grown.append(
                Figure(
                    row,
                    ours[-1].where,
                    f"{p95_of(ours[-1]):.1f} ms",
                    f"{p95_of(ours[0]):.1f} ms: {times:.1f} ×",
                    "≤ 1.5 ×",
                    times <= 1.5,
                )
            )
    return grown


def p95_of(figure: Figure) -> float:
    """The p95 that a figure says."""
    return float(figure.measured.partition("p95 ")[2].partition(" ")[0])


def classification() -> list[Figure]:
    """What the standing recipe of the classifier reaches on real letters, where they are at hand."""
    command = [sys.executable, "bench/text_ablation.py", "6"]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    lines = [line.strip() for line in ran.stdout.splitlines() if line.strip().startswith("|")]
    if ran.returncode or not lines:
        return [Figure("classification of real letters", "held-out folds", "not measured", ran.stderr[-200:])]
    cells = [cell.strip() for cell in lines[-1].strip("|").split("|")]
    reached = float(cells[1]) >= 0.925
    return [
        Figure(
            "classification of real letters, macro-F1",
            "held-out folds",
            cells[1],
            f"worst fold {cells[2]}",
            "≥ 0.925",
            reached,
        )
    ]


def show(figures: list[Figure]) -> None:
    """Print the table."""
    table = Table("row", "where", "measured", "beside", "to reach", "reached", title="bench")
    for one in figures:
        table.add_row(one.row, one.where, one.measured, one.beside, one.target, word(one.reached))
    out.print(table)


def word(reached: bool | None) -> str:
    """Yes, no, or nothing."""
    return {True: "yes", False: "NO", None: ""}[reached]


def write(figures: list[Figure], path: Path, *, title: str, load: tuple[float, float, float]) -> None:
    """Write what was just measured under its heading; sections of other runs stay as they are."""
    held = path.read_text("utf-8") if path.exists() else ""
    others = [part.rstrip() for part in re.split(r"(?m)^(?=## )", held)[1:] if part.splitlines()[0] != title]
    sections = sorted([*others, "\n".join(section(title, figures, load))], key=_size_of_section)
    path.write_text("\n\n".join([HEAD, *sections]) + "\n", "utf-8")


def section(title: str, figures: list[Figure], load: tuple[float, float, float]) -> list[str]:
    """The heading, the circumstances and the table of one run."""
    names = ("django", "granian", "psycopg", "xlsxwriter", "scikit-learn")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    busy = ", ".join(f"{one:.1f}" for one in load)
    now = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        title,
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {versions}. "
        f"Load of the machine (1, 5, 15 minutes) when the run began: {busy}; when this was written: {now}.",
        "",
        "| row | where | measured | beside, in the same run | to reach | reached |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.row} | {one.where} | {one.measured} | {one.beside} | {one.target} | {word(one.reached)} |"
            for one in figures
        ),
    ]


def _size_of_section(text: str) -> tuple[int, str]:
    scale = text.partition("Histories of ")[2].partition(" matters")[0].split(" and ")
    return (max(SCALES.get(one, 0) for one in scale), text)


if __name__ == "__main__":
    main()
