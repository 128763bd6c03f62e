"""A whole installation with its sample program, as `trellis up` starts it, and those who look at it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from runtime.embedded.ports import free_port
from runtime.embedded.processes import wait_until

_TRELLIS = str(Path(sys.executable).parent / "trellis")
_PORTS = ("TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT", "TRELLIS_TEMPORAL_UI_PORT", "TRELLIS_SDK_METRICS_PORT")
_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Installation:
    folder: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['TRELLIS_HTTP_PORT']}"

    def is_told(self) -> bool:
        """Whether the letters of the sample have been sent, and its group has met."""
        cookies = dict(self.logged_in())
        page = httpx2.get(f"{self.url}/journeys/job-ready.l-02?part=sessions", cookies=cookies, timeout=60)
        queue = httpx2.get(f"{self.url}/programs/job-ready/quality", cookies=cookies, timeout=60)
        asked = self.links_in_letters("/surveys/")
        return "Correct the attendance" in page.text and "/quality/job-ready" in queue.text and len(asked) > 1

    def logged_in(self, key: str | None = None) -> Mapping[str, str]:
        """The cookies of a browser that has logged in with this key; without one, with that of the installation."""
        key = key or (self.folder / ".trellis" / "key").read_text().strip()
        with httpx2.Client() as client:
            client.post(f"{self.url}/log-in", data={"key": key}, headers={"Origin": self.url})
            assert client.cookies
            return dict(client.cookies)

    def key(self, name: str, *options: str) -> str:
        """A new API key."""
        command = (_TRELLIS, "keys", "make", name, *options)
        done = subprocess.run(
            command, cwd=self.folder, env=dict(self.environment), capture_output=True, text=True, check=True
        )
        found = re.search(r"trellis_\S+", done.stdout)
        assert found, done.stdout
        return found[0]

    def links_in_letters(self, below: str) -> list[str]:
        """The addresses that letters lead to, of those that begin with `below`, each once."""
        text = "".join(one.read_text() for one in sorted((self.folder / ".trellis" / "outbox").glob("*.eml")))
        text = text.replace("=\n", "").replace("=3D", "=")
        return list(dict.fromkeys(re.findall(rf"{re.escape(self.url)}({below}[\w=~.-]+)", text)))


@contextmanager
def installation(*, sample: bool = True) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="trellis-looks-") as folder:
        ports = {name: str(free_port()) for name in _PORTS}
        own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
        own["TRELLIS_SAMPLE"] = str(sample).lower()
        log = Path(folder) / "up.txt"
        with log.open("wb") as said:
            process = subprocess.Popen([_TRELLIS, "up"], cwd=folder, env=own | ports, stdout=said, stderr=said)
        try:
            assert wait_until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, _SECONDS)
            assert process.poll() is None, log.read_text()
            one = Installation(Path(folder), own | ports)
            assert not sample or wait_until(one.is_told, _SECONDS), "the sample program is not told in full"
            yield one
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
