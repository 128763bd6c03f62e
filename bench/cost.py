"""The cost of a piece of work: wall-clock seconds, and CPU seconds of this process and of the Temporal server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import psutil


@dataclass(frozen=True)
class Cost:
    seconds: float
    here: float
    server: float


@dataclass(frozen=True)
class Meter:
    here: psutil.Process
    server: psutil.Process

    @classmethod
    def of_server_and_this_process(cls) -> "Meter":
        """Measures the one `temporal` server that this process has started."""
        here = psutil.Process()
        (server,) = [child for child in here.children(recursive=True) if child.name().startswith("temporal")]
        return cls(here, server)

    @contextmanager
    def measuring(self) -> Iterator[Callable[[], Cost]]:
        """Yields a function that returns the cost once the block has ended."""
        began, here, server = monotonic(), _cpu(self.here), _cpu(self.server)
        spent: list[Cost] = []
        yield lambda: spent[0]
        spent.append(Cost(monotonic() - began, _cpu(self.here) - here, _cpu(self.server) - server))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
