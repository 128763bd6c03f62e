"""What the reconciler needs to know of a kind of workflow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from domain.ids import StreamId

Start = Callable[[], Awaitable[bool]]
"""Starts a workflow, unless it runs. Returns whether it was started now."""

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A workflow that should be running, as far as a view knows."""

    stream: StreamId
    version: int
    """What its stream has reached, and so what the workflow must have taken in; 0: the stream is not there yet."""


class Kind(Protocol):
    """One kind of workflow whose instances follow from streams of the log."""

    name: ClassVar[str]
    """In metrics, tables and words."""
    lock: ClassVar[int]
    """Of the reconciler of this kind that leads."""
    workflow_type: ClassVar[str]
    task_queue: str
    category: ClassVar[str]
    """Of the streams."""
    view: ClassVar[str]
    """The projection that `expected` reads."""
    shows_version: ClassVar[bool]
    """Whether the workflow takes in its stream: it shows the version in TrellisVersion, tells it in the answer to the
    query `status`, and takes the journey up from the log when it is woken."""

    def workflow_of(self, stream: StreamId) -> str:
        """The id of the stream's workflow."""
        ...

    def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        """Pages of all workflows that should be running, by the view, which may be a moment behind."""
        ...

    async def count_expected(self) -> int:
        """About how many these are; cheap."""
        ...

    async def unrecorded(self) -> list[Expected]:
        """Workflows that should have brought a stream about by now, and have not. Cheap where there are none."""
        ...

    async def to_start(self, stream: StreamId) -> Start | None:
        """What starts the workflow from the log, to which the view's word is nothing; None when it need not run."""
        ...
