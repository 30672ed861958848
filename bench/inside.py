"""What one installation tells: it is laid out, filled with a history, and measured row by row.

python -m bench.inside lay-out 10        an empty district of so many towns; prints the keys of its buildings
python -m bench.inside measure 100000    a history and every row that needs no server; prints a figure a line
"""

from __future__ import annotations

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youying.settings.base")
django.setup()

from django.core.management import call_command  # noqa: E402 - after Django is set up
from django.db import connection  # noqa: E402

from bench.figures import Figure  # noqa: E402
from bench.history.loading import size_of_database  # noqa: E402
from bench.history.writing import write_history  # noqa: E402
from bench.rows import duck, imports, rates, search, statements, worklist  # noqa: E402
from bench.street import District, build_district  # noqa: E402
from youying.record.queries import verify  # noqa: E402

PATTERNS_FOR = {10_000: 60, 100_000: 150, 1_000_000: 400}
HISTORY_MINUTES_MOST = 10
IMPORTED_MOST = 100_000
VERIFIED_MOST = 100_000


def tell(words: str) -> None:
    """Say on the terminal how far it is."""
    print(f"  {time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)  # noqa: T201 - progress


def put(figures: list[Figure]) -> None:
    """Hand figures to the process that asked."""
    for figure in figures:
        print(json.dumps(figure.data(), ensure_ascii=False), flush=True)  # noqa: T201 - the answer itself
        tell(f"{figure.row}: {figure.measured} {figure.beside}")


def lay_out(towns: int) -> District:
    """Tables and the district."""
    call_command("migrate", verbosity=0)
    return build_district(towns=towns)


def measure(count: int) -> None:
    """Fill the installation and measure it."""
    where = f"{'PostgreSQL' if connection.vendor == 'postgresql' else 'SQLite'}, {count:,}"
    tell(f"{where}: laying out")
    district = lay_out(10)
    put(fill(district, where, count))
    for module in (statements, worklist, search, rates):
        put(module.measure(district, where))
    put(imports.measure_export(district, where, min(count, IMPORTED_MOST)))
    put(imports.measure_import(district, where, min(count, IMPORTED_MOST)))
    put(duck.measure(district, where))


def fill(district: District, where: str, count: int) -> list[Figure]:
    """Write the history and prove its record."""
    started = time.perf_counter()
    told = [0.0]

    def note(what: str, n: int) -> None:
        """Speak every ten seconds."""
        if time.perf_counter() - told[0] > 10:
            told[0] = time.perf_counter()
            tell(f"{n:,} {what}")

    history = write_history(district, count=count, patterns=PATTERNS_FOR.get(count, 60), tell=note)
    minutes = (time.perf_counter() - started) / 60
    size = size_of_database() / 1e9
    said = f"{history.entries:,} entries, {history.cells:,} tally cells, {size:.1f} GB"
    found = [Figure("history written", where, f"{minutes:.1f} min", said, "≤ 10 min", minutes <= HISTORY_MINUTES_MOST)]
    if count > VERIFIED_MOST and os.environ.get("BENCH_VERIFY") != "1":
        return found
    started = time.perf_counter()
    report = verify()
    spent = time.perf_counter() - started
    said = f"{report.entries:,} entries, {report.entries / spent:,.0f} a second"
    return [
        *found,
        Figure("record verify on the history", where, "whole" if report.ok else "NOT whole", said, "whole", report.ok),
    ]


def main(words: list[str]) -> None:
    """Do what was asked."""
    if words[0] == "lay-out":
        district = lay_out(int(words[1]))
        print(json.dumps([[place.compound_id, place.building_id] for place in district.places]))  # noqa: T201 - the answer itself
    else:
        measure(int(words[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
