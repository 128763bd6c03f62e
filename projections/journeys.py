"""The views of the present state of journeys: one fold makes the rows of all of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from domain.ids import JourneyId
from domain.journey import EVENTS, Awaited, Finish, JourneyEvent, JourneyState, Timer, Wait, evolve, next_action
from domain.journey.parts import changed
from domain.kit import Kit
from projections import sql
from projections.fold import DecodedEvent, Fold, Folded, Rows
from projections.kits import Kits
from store.codec import Codec

JOURNEY_CODEC: Codec[JourneyEvent] = Codec(EVENTS)


def journey_of(stream: str) -> JourneyId:
    return JourneyId(stream.removeprefix("journey-"))


@dataclass(frozen=True, slots=True)
class JourneySnapshot:
    """The present state of a journey, and what it waits for by the kit that it follows."""

    stream: str
    version: int
    state: JourneyState
    kit: Kit
    action: Wait | Finish

    @property
    def journey(self) -> JourneyId:
        return journey_of(self.stream)

    @property
    def awaited(self) -> Sequence[Awaited]:
        """The earliest due first."""
        return self.action.awaited if isinstance(self.action, Wait) else ()

    @property
    def next_timer(self) -> Timer | None:
        return self.action.next_timer if isinstance(self.action, Wait) else None

    @property
    def timers(self) -> Sequence[Timer]:
        """The earliest first."""
        return self.action.timers if isinstance(self.action, Wait) else ()


class JourneyView(ABC):
    """Tables whose rows follow from the present state of a journey. A new one is a file in views/ that defines one of
    these, and its tables in tables/NAME.sql.
    """

    name: ClassVar[str]
    columns: ClassVar[dict[str, tuple[str, ...]]]
    keys: ClassVar[dict[str, str]] = {}
    """Both as in `Fold`."""

    @abstractmethod
    def rows(self, snapshot: JourneySnapshot, /) -> Rows:
        """The rows must not contain what people answered or wrote."""


class JourneyViews(Fold[JourneyEvent, JourneyState]):
    """All of them, in one projection. Its name is that of the first: operators know it from commands and alerts."""

    name = "board"
    version = 7
    replaces = ("attention", "upcoming")
    handles = frozenset(EVENTS)
    codec = JOURNEY_CODEC
    state = JourneyState

    def __init__(self, views: Sequence[JourneyView]) -> None:
        self._views = tuple(views)

    @cached_property
    def tables(self) -> str:
        return "\n".join((*(sql.tables(one.name) for one in self._views), sql.tables("states")))

    @cached_property
    def indexes(self) -> str:
        return "\n".join(sql.indexes(one.name) for one in self._views)

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:  # type: ignore[override]  # those of all views
        return {table: columns for one in self._views for table, columns in one.columns.items()}

    @cached_property
    def keys(self) -> dict[str, str]:  # type: ignore[override]
        return {table: key for one in self._views for table, key in one.keys.items()}

    def evolve(self, state: JourneyState | None, event: JourneyEvent) -> JourneyState:
        return evolve(state, event)

    def kit_of(self, state: JourneyState) -> str | None:
        return state.kit

    def rows(
        self, stream: str, state: JourneyState, events: Sequence[DecodedEvent[JourneyEvent]], kits: Kits, /
    ) -> Rows:
        return self.rows_of(Folded(stream, events[-1].version, state, events), kits)

    def rows_of(self, one: Folded[JourneyEvent, JourneyState], kits: Kits) -> Rows:
        kit = kits.get(one.state.kit)
        snapshot = JourneySnapshot(one.stream, one.version, one.state, kit, next_action(kit, one.state))
        return {table: rows for one in self._views for table, rows in one.rows(snapshot).items()}

    def dump(self, state: JourneyState) -> str:
        """What people answered, said and gave as reasons is theirs: it is not kept, but for the answers of the intake,
        which the segment follows from.
        """
        closing = changed(state.closing, reason="") if state.closing else None
        return super().dump(changed(state, answers_so_far=None, last_word=None, outcomes=(), closing=closing))
