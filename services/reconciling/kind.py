"""What the reconciler needs to know of a kind of workflow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from domain.ids import StreamId
from store.locks import Lock

Start = Callable[[], Awaitable[bool]]
"""Starts a workflow unless it runs. Returns True when it was started now."""

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A workflow that should be running, according to a view."""

    stream: StreamId
    version: int
    """The version of its stream, which the workflow must have reached. 0: the stream does not exist yet."""


class Kind(Protocol):
    """One kind of workflow whose instances follow from streams of the log."""

    name: ClassVar[str]
    """As metrics, tables and messages have it."""
    lock: ClassVar[Lock]
    """Held by the reconciler that leads."""
    workflow_type: ClassVar[str]
    role: ClassVar[str]
    """The role of workers in which they run, and in which they are reconciled."""
    task_queue: str
    category: ClassVar[str]
    """The category of the streams."""
    view: ClassVar[str]
    """The projection that `expected` reads."""
    shows_version: ClassVar[bool]
    """Whether the workflow follows its stream: it shows the version in TrellisVersion and in the answer to the query
    `status`, and loads the journey from the log when it is woken."""

    def workflow_of(self, stream: StreamId) -> str:
        """The id of the stream's workflow."""
        ...

    def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        """Pages of all workflows that should be running, by the view, which may be a moment behind."""
        ...

    async def count_expected(self) -> int:
        """About how many there are. Cheap."""
        ...

    async def unrecorded(self) -> list[Expected]:
        """Workflows that should have written to a stream by now and have not. Cheap when there are none."""
        ...

    async def to_start(self, stream: StreamId) -> Start | None:
        """Starts the workflow from the log, whatever the view says. None: it need not run."""
        ...
