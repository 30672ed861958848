"""Processes: starting a server, what it and its database spend in CPU time, what they hold in memory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 60


def tree(pid: int) -> list[int]:
    """A process with all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, IndexError):
                parent = int(_stat(int(entry.name))[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of processes and of the children that they have waited for."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])
    return total / TICKS


def memory_mb(pids: list[int]) -> tuple[float, float]:
    """Proportional and resident memory of processes in MB (10⁶ bytes)."""
    held = {"Pss:": 0, "Rss:": 0}
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(" ")
                if name in held:
                    held[name] += int(rest.split()[0])
    return held["Pss:"] * 1024 / 1e6, held["Rss:"] * 1024 / 1e6


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, with the process of the database where that is apart."""

    port: int
    pid: int
    database_pid: int | None

    def pids(self) -> list[int]:
        """Everything that works for it."""
        return tree(self.pid) + (tree(self.database_pid) if self.database_pid else [])


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(
    target: str,
    *,
    environment: Mapping[str, str],
    database_pid: int | None,
    python: str = sys.executable,
    folder: Path = ROOT,
) -> Iterator[Served]:
    """Serve a WSGI application with granian as `youying serve` does, until the block ends."""
    port = free_port()
    command = [
        python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--backpressure", "128", "--no-ws", "--log-level", "warning", target,
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=folder, env=dict(environment), start_new_session=True)
    try:
        wait_for(port, server)
        yield Served(port, server.pid, database_pid)
    finally:
        stop(server)


def wait_for(port: int, server: subprocess.Popen[Any], *, seconds: int = READY_SECONDS) -> None:
    """Wait until something answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode} before it answered")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not answer in time")


def stop(server: subprocess.Popen[Any]) -> None:
    """End a server and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to: CPU ms a request (server and database), the rate, the times of the answers."""

    cpu_ms: float
    rate: float
    spent_ms: list[float]
    failures: int
    first_failure: str


def load(server: Served, address: str, kind: str, *, clients: int, requests: int, buildings: list[list[int]]) -> Load:
    """Warm up, then drive the form and take the CPU time between the first form sent and the last answer."""
    warm = max(clients, requests // 6)
    drive(server, address, kind, clients=clients, requests=warm, buildings=buildings, seed=1)
    told, spent = drive(server, address, kind, clients=clients, requests=requests, buildings=buildings, seed=2)
    count = len(told["spent_ms"])
    first = told["failed"][0] if told["failed"] else ""
    return Load(spent * 1000 / count, count / told["seconds"], told["spent_ms"], told["failures"], first)


def drive(
    server: Served,
    address: str,
    kind: str,
    *,
    clients: int,
    requests: int,
    buildings: list[list[int]],
    seed: int,
) -> tuple[dict[str, Any], float]:
    """Have another process send the forms; what it saw, and the CPU seconds of the server meanwhile."""
    asked = {
        "port": server.port, "address": address, "kind": kind, "clients": clients, "requests": requests,
        "buildings": buildings, "seed": seed,
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.driving", json.dumps(asked)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as people:
        if people.stdin is None or people.stdout is None or not people.stdout.readline():
            raise SystemExit("the clients could not open the form")
        before = cpu_seconds(server.pids())
        said = people.communicate("go\n")[0]
        spent = cpu_seconds(server.pids()) - before
    if people.returncode:
        raise SystemExit("the clients failed")
    return json.loads(said), spent
