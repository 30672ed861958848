"""Boards of rates: the three rates by unit and month with the year before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bench.figures import Figure, p95, say_ms, timed_ms
from bench.street import NOW, District
from youying.insight.queries.board import figures
from youying.kernel.moments import still
from youying.matters.models import Tally

RATES = ("response", "solved", "satisfaction")
SINCE, UNTIL = date(2025, 12, 1), date(2026, 12, 1)
TIMES = 12


def measure(district: District, where: str) -> list[Figure]:
    """The whole district and one street."""
    whole = district.staff["leader"]
    street = replace(whole, reach=district.communities[0].rpartition("/")[0])
    cells = f"{Tally.objects.by_unit().count():,} of {Tally.objects.count():,} cells"
    found = []
    for title, viewer in (("a street", street), ("the district", whole)):
        with still(NOW):
            figures(viewer, RATES, since=SINCE, until=UNTIL, by=("unit", "month"), compare="last-year")
            spent = [
                timed_ms(lambda viewer=viewer: figures(
                    viewer, RATES, since=SINCE, until=UNTIL, by=("unit", "month"), compare="last-year"))
                for _ in range(TIMES)
            ]  # fmt: skip
        row = f"three rates by unit and month, twelve months with the year before, {title}"
        found.append(Figure(row, where, say_ms(spent), cells, "p95 ≤ 100 ms at 1 M", p95(spent) <= 100))
    return found
