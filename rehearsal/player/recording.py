"""What a play records: the events of one command, with what the log keeps beside them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.ids import StreamId
from domain.refusal import Rejected
from domain.values import Event
from workflows.journey_activities import Fact, facts


class Append(NamedTuple):
    """The events of one command, in order."""

    stream: StreamId
    after: int
    """The version of the stream before them."""
    events: Sequence[Event]
    command: str
    by: str
    rule: str | None = None
    """Of a timer: the place in the kit that says so."""
    refusal: Rejected | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Their stored form, the very one that the log gets."""
        return facts(self.stream, self.after, self.events)


Record = Callable[[Append], None]
"""Takes what is recorded, in the order of time. Nothing is kept by the player itself."""
