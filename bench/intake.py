"""The intake row: a demand over HTTP beside the bare Django view and the peer's public form, in the same minutes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from bench.figures import Figure, median, percentile
from bench.installing import Installation, Server, installation
from bench.processes import ROOT, Load, Served, load, served

HELPDESK = ROOT / "bench" / "helpdesk"
PEER_HOME = ROOT / ".stamps" / "bench-helpdesk"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ROUNDS, CLIENTS, REQUESTS = 3, 8, 480
FLOOR_TIMES, PEER_PART, TAIL_MS = 2.0, 8.0, 100.0


def peer_python() -> str:
    """The interpreter of the peer's own locked environment, made when it is first needed."""
    python = PEER_HOME / "bin" / "python"
    lock = HELPDESK / "uv.lock"
    stamp = PEER_HOME / "locked"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        uv = str(Path(sys.executable).with_name("uv"))
        environment = os.environ | {"UV_PROJECT_ENVIRONMENT": str(PEER_HOME)}
        subprocess.run(
            [uv, "sync", "--frozen", "--quiet", "--python", sys.executable], cwd=HELPDESK, env=environment, check=True
        )
        stamp.write_bytes(lock.read_bytes())
    return str(python)


def peer_environment(server: Server, home: Path) -> dict[str, str]:
    """The environment of the peer's processes, with a database of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "DJANGO_SETTINGS_MODULE")}
    environment = kept | {"PEER_HOME": str(home), "PYTHONPATH": str(HELPDESK)}
    if server.kind == "postgresql":
        environment["PEER_DATABASE_URL"] = server.address_of("peer")
    return environment


def peer(server: Server, environment: dict[str, str], *words: str) -> str:
    """Run the peer's own measuring script."""
    ran = subprocess.run(
        [peer_python(), "measure.py", *words], cwd=HELPDESK, env=environment, check=True, capture_output=True, text=True
    )
    return ran.stdout


def lay_out(place: Installation) -> list[int]:
    """An empty district to report from; the keys of its buildings."""
    command = [sys.executable, "-m", "bench.inside", "lay-out", "1"]
    ran = subprocess.run(command, env=place.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return list(json.loads(ran.stdout.strip().splitlines()[-1]))


def measure(server: Server) -> list[Figure]:
    """Three rounds in turn, each against the floor and the peer of the same round; the median round counts."""
    name = NAMES[server.kind]
    with installation(server, "intake") as ours, installation(server, "floor") as floor:
        buildings = lay_out(ours)
        subprocess.run([sys.executable, "bench/floor/floor.py"], env=floor.environment, cwd=ROOT, check=True)
        theirs = peer_environment(server, floor.home)
        peer(server, theirs, "fill", "1000")
        rounds = [_round(server, ours, floor, theirs, buildings) for _ in range(ROUNDS)]
    return _figures(name, rounds)


Round = tuple[Load, Load, Load]


def _round(
    server: Server, ours: Installation, floor: Installation, theirs: dict[str, str], buildings: list[int]
) -> Round:
    pid = server.pid
    with served("floor:application", environment=floor.environment, database_pid=pid) as running:
        bare = _load(running, "/say/", "demand", buildings)
    environment = ours.environment | {"DJANGO_SETTINGS_MODULE": "bench.site.settings"}
    with served("bench.site.wsgi:application", environment=environment, database_pid=pid) as running:
        whole = _load(running, "/bench/say/", "demand", buildings)
    with served(
        "peer:application", environment=theirs, database_pid=pid, python=peer_python(), folder=HELPDESK
    ) as running:
        form = _load(running, "/tickets/submit/", "ticket", buildings, part=3)
    return whole, bare, form


def _load(running: Served, address: str, kind: str, buildings: list[int], *, part: int = 1) -> Load:
    found = load(running, address, kind, clients=CLIENTS, requests=REQUESTS // part, buildings=buildings)
    if found.failures:
        raise SystemExit(f"{found.failures} requests of {address} failed: {found.first_failure}")
    return found


def _figures(name: str, rounds: list[Round]) -> list[Figure]:
    ours, bare, form = (median([one[n].cpu_ms for one in rounds]) for n in range(3))
    times, part = (
        median([w.cpu_ms / b.cpu_ms for w, b, _ in rounds]),
        median([f.cpu_ms / w.cpu_ms for w, _, f in rounds]),
    )
    rates = [median([one[n].rate for one in rounds]) for n in range(3)]
    tail = median([percentile(one[0].spent_ms, 99) for one in rounds])
    half = median([median(one[0].spent_ms) for one in rounds])
    row = "a demand in over HTTP"
    return [
        Figure(f"{row}: CPU a request beside the bare Django view", name, f"{ours:.2f} ms, {rates[0]:.0f}/s",
               f"{bare:.2f} ms, {rates[1]:.0f}/s: {times:.1f} ×", f"≤ {FLOOR_TIMES:.0f} ×", times <= FLOOR_TIMES),
        Figure(f"{row}: CPU a request beside django-helpdesk's public form", name, f"{ours:.2f} ms, {rates[0]:.0f}/s",
               f"{form:.2f} ms, {rates[2]:.0f}/s: 1/{part:.1f}", f"≤ 1/{PEER_PART:.0f}", part >= PEER_PART),
        Figure(f"{row}: p99 at {CLIENTS} clients", name, f"{tail:.0f} ms (median {half:.0f} ms)", "", f"≤ {TAIL_MS:.0f} ms", tail <= TAIL_MS),
    ]  # fmt: skip


def measure_list(server: Server, count: int) -> tuple[list[Figure], float]:
    """The peer's ticket list at so many tickets; milliseconds of its newest fifty among all."""
    with installation(server, "tickets") as place:
        environment = peer_environment(server, place.home)
        peer(server, environment, "fill", str(count))
        told = json.loads(peer(server, environment, "list", "5"))
    if server.kind == "postgresql":
        server.drop(urlsplit(environment["PEER_DATABASE_URL"]).geturl())
    said = f"all by date {told['all']:.0f} ms, open ones {told['open']:.0f} ms"
    where = NAMES[server.kind]
    return [Figure(f"django-helpdesk's ticket list at {told['tickets']:,}", where, said)], min(
        told["all"], told["open"]
    )
