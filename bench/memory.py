"""Memory of a served installation at rest, with everything that runs."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

from bench.figures import Figure
from bench.installing import database_server, installation
from bench.processes import ROOT, free_port, memory_mb, stop, tree, wait_for

MOST_MB = 250
PAGES = ("/healthz", "/", "/desk/sign-in/")
START = "import sys; from youying.cli import main; sys.argv = ['youying', 'serve', '--demo']; main()"


def measure() -> list[Figure]:
    """Serve the demonstration as `make run` does, look at some pages, wait, and add up."""
    with database_server("sqlite") as server, installation(server, "run") as place:
        port = free_port()
        environment = place.environment | {"PORT": str(port)}
        running = subprocess.Popen(
            [sys.executable, "-c", START], env=environment, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(port, running, seconds=600)
            for page in PAGES * 3:
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=60).read()
            time.sleep(20)
            pids = tree(running.pid)
            held, resident = memory_mb(pids)
        finally:
            stop(running)
    said = f"{len(pids)} processes; resident {resident:.0f} MB counting shared pages again"
    return [
        Figure("memory of `make run` at rest", "SQLite", f"{held:.0f} MB", said, f"≤ {MOST_MB} MB", held <= MOST_MB)
    ]
