"""What a process knows of itself: what it is, its connections to Postgres, and in what it leads."""

import platform
from collections.abc import Iterator
from importlib import metadata

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from runtime.metrics.declaring import Family, metric, samples_of
from store.database import Pool
from store.leading import STANDINGS, Standing

_BUILD = Family(
    "trellis_build_info",
    "1, with the versions of Trellis, of Temporal's SDK and of Python as labels.",
    ("version", "temporalio", "python"),
)
_CONNECTIONS = Family("trellis_database_connections", "Connections of the pool: busy or idle.", ("state",))
_MOST_CONNECTIONS = Family("trellis_database_connections_limit", "The most connections that the pool opens.")
_LEADING = Family(
    "trellis_leading",
    "1: this process leads in the service; 0: it stands by, or cannot reach Postgres.",
    ("service",),
)
FAMILIES = (_BUILD, _CONNECTIONS, _MOST_CONNECTIONS, _LEADING)


class ProcessCollector(Collector):
    """Asks nobody: what it shows is known in the process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._build = (metadata.version("trellis-mentoring"), metadata.version("temporalio"), platform.python_version())

    def collect(self) -> Iterator[Metric]:
        pool = self._pool
        idle = pool.get_idle_size()
        leading = [(service, standing is Standing.LEADS) for service, standing in STANDINGS.items()]
        yield metric(_BUILD, samples_of([(*self._build, 1)], 3, _BUILD))
        yield metric(_CONNECTIONS, samples_of([("idle", idle), ("busy", pool.get_size() - idle)], 1, _CONNECTIONS))
        yield metric(_MOST_CONNECTIONS, samples_of([(pool.get_max_size(),)], 0, _MOST_CONNECTIONS))
        yield metric(_LEADING, samples_of(leading, 1, _LEADING))
