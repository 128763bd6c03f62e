"""How often `trellis up` has restarted each of its processes: counted in a file, exported by the worker.

The supervisor itself serves no metrics. The worker reads the file at each scrape.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from runtime.metrics.declaring import Family, metric, samples_of

FAMILY = Family(
    "trellis_restarts",
    "Times that `trellis up`, since it began, has started a process again that had died.",
    ("process",),
    "counter",
)


class Restarts:
    """The supervisor's side: writes the file. Each `trellis up` starts counting at 0."""

    def __init__(self, file: Path, processes: Iterable[str]) -> None:
        self._file = file
        self._counts = dict.fromkeys(processes, 0)
        self._write()

    def count(self, process: str) -> int:
        """Returns the number of restarts so far, this one included."""
        self._counts[process] += 1
        self._write()
        return self._counts[process]

    def _write(self) -> None:
        unfinished = self._file.with_suffix(".unfinished")
        with suppress(OSError):  # a full disk must not end the supervisor; the next restart writes the file again
            unfinished.write_text(json.dumps(self._counts))
            unfinished.replace(self._file)


class RestartsCollector(Collector):
    """The worker's side: reads the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def collect(self) -> Iterator[Metric]:
        try:
            counts = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return
        yield metric(FAMILY, samples_of(counts.items(), 1, FAMILY))
