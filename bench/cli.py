"""How quick commands are: help against a bare Typer program, and what reads against the import of the client.

The answers come from a stand-in for the service, so that the time is that of the command. Each command runs in turn
with what it is compared with; the figures are medians.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.options import quick
from bench.table import Figure, report
from runtime import ending
from runtime.exits import Exit

_AT = "2026-03-01T09:00:00Z"
_ROW = {
    **dict.fromkeys(("pathway", "segment", "mentor", "paused_until", "ending", "attention", "next_at", "next_rule")),
    "journey": "p.l-1",
    "program": "p",
    "learner": "l-1",
    "stage": "sessions",
    "stage_since": _AT,
    "open_cases": 0,
    "waiting_for": "check_in",
    "about": "week:3",
    "waiting_on": "learner",
    "awaited": ["check_in:learner"],
    "since": _AT,
    "due_at": _AT,
    "due_rule": "r",
    "next_label": None,
    "version": 7,
}
_AWAITED = {"duty": "check_in", "about": "week:3", "who": "learner", "since": _AT, "due_at": _AT, "rule": "r"}
_STATUS = {
    "journey": "p.l-1",
    "program": "p",
    "learner": "l-1",
    "kit": "0" * 64,
    "version": 7,
    "stage": "sessions",
    "since": _AT,
    "paused_until": None,
    "mentor": None,
    "attention": None,
    "awaited": [_AWAITED] * 5,
    "timers": [],
    "cases": [],
    "ending": None,
    "as_of": _AT,
    "waiting_orders": 0,
}
_ANSWERS: Mapping[str, Any] = {
    "/v1/journeys": {"rows": [_ROW] * 50, "next": None},
    "/v1/names": [{"id": "l-1", "name": "Lea Brandt"}],
    "/v1/journeys/p.l-1/status": _STATUS,
    f"/v1/programs/p/kits/{'0' * 64}/titles": {"version": "1", "titles": {}},
}
_BARE = "import typer\napp = typer.Typer()\n@app.command()\ndef hello(): ...\n@app.command()\ndef bye(): ...\napp()\n"
_CLIENT = "from client.api import Trellis, models; {models}; Trellis('http://localhost:1')"
"""With what the client imports when it is first used, for the same answers."""
_BOARD_MODELS = "models.BoardPage, models.PersonName"
_STATUS_MODELS = "models.Status, models.PersonName, models.KitTitles"


class _StandIn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = json.dumps(_ANSWERS[self.path.partition("?")[0]]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing: it would stand between the figures."""


@contextmanager
def _serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    began = perf_counter()
    subprocess.run(command, env=dict(environment), stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began


def measure() -> list[Figure]:
    rounds = 7 if quick() else 31
    trellis, python = str(Path(sys.executable).with_name("trellis")), sys.executable
    with tempfile.TemporaryDirectory() as folder, _serving() as url:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE)
        pairs = {
            "cli_help": ([trellis, "--help"], [python, str(bare), "--help"], "a bare Typer program"),
            "cli_board": ([trellis, "board"], [python, "-c", _CLIENT.format(models=_BOARD_MODELS)], "the client"),
            "cli_status": (
                [trellis, "status", "p.l-1"],
                [python, "-c", _CLIENT.format(models=_STATUS_MODELS)],
                "the client",
            ),
        }
        environment = {**os.environ, "TRELLIS_URL": url, "TRELLIS_KEY": "none"}
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in pairs}
        for _ in range(rounds):
            for name, (command, other, _words) in pairs.items():
                took[name].append((_seconds(command, environment), _seconds(other, environment)))
    return [_figure(name, took[name], words) for name, (_command, _other, words) in pairs.items()]


def _figure(name: str, took: Sequence[tuple[float, float]], words: str) -> Figure:
    ours, other = median(one for one, _ in took), median(other for _, other in took)
    against = f"{words}: {1000 * other:.0f} ms"
    return Figure(f"{name}_ms", 1000 * ours, "ms", ours / other, against, "at most 1.5 times it")


def main() -> None:
    report("The command line", measure())


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
