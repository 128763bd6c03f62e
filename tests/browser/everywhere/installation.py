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

from client.api import Trellis
from runtime.embedded.ports import free_port
from runtime.embedded.processes import wait_until
from tests.support.patience import STARTING_SECONDS

_TRELLIS = str(Path(sys.executable).parent / "trellis")
_PORTS = ("TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT", "TRELLIS_TEMPORAL_UI_PORT", "TRELLIS_SDK_METRICS_PORT")


@dataclass(frozen=True, slots=True)
class Installation:
    folder: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['TRELLIS_HTTP_PORT']}"

    def is_told(self) -> bool:
        """Whether the group of the sample has met, and its surveys and reviews are there."""
        cookies = dict(self.logged_in())
        page = httpx2.get(f"{self.url}/journeys/job-ready.l-02?part=sessions", cookies=cookies, timeout=60)
        queue = httpx2.get(f"{self.url}/programs/job-ready/quality", cookies=cookies, timeout=60)
        asked = self.survey_links()
        return "Correct the attendance" in page.text and "/quality/job-ready" in queue.text and len(asked) > 1

    def logged_in(self, key: str | None = None) -> Mapping[str, str]:
        """The cookies of a browser that has logged in with this key; without one, with that of the installation."""
        with httpx2.Client() as client:
            given = {"key": key or self._own_key()}
            client.post(f"{self.url}/log-in", data=given, headers={"Origin": self.url})
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

    def own_page_links(self) -> list[str]:
        """Of everybody, as their letters have them. Letters themselves are not sent at night, and it is always night
        somewhere."""
        with Trellis(self.url, self._own_key()) as trellis:
            return [self._path(trellis.make_own_page_link(one.id).address) for one in trellis.iterate_people()]

    def survey_links(self) -> list[str]:
        """Of all surveys that are open, likewise."""
        with Trellis(self.url, self._own_key()) as trellis:
            asked = [one.request for one in trellis.iterate_survey_requests(status="open")]
            return [self._path(trellis.get_survey_link(one).address) for one in asked]

    def _own_key(self) -> str:
        return (self.folder / ".trellis" / "key").read_text().strip()

    def _path(self, address: str) -> str:
        return address.removeprefix(self.url)


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
            assert wait_until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, STARTING_SECONDS)
            assert process.poll() is None, log.read_text()
            one = Installation(Path(folder), own | ports)
            assert not sample or wait_until(one.is_told, STARTING_SECONDS), "the sample program is not told in full"
            yield one
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
