"""The form that every aggregate has, for whatever reads and writes its stream."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Generic, TypeVar

from domain.values import Event

State = TypeVar("State")
Command = TypeVar("Command")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, E]):
    """What a command brings about in a state, and what an event makes of it. All of it is pure."""

    events: Mapping[str, type[E]]
    """By stored type."""
    initial: State
    decide: Callable[[State, Command, datetime], Sequence[E]]
    """No events: the command has been carried out before, or changes nothing. Raises Rejected."""
    evolve: Callable[[State, E], State]
    fold_many: Callable[[Iterable[E], State], State] | None = None
    """The same as `evolve` for each event in turn, where an aggregate has a faster way."""

    def fold(self, events: Iterable[E], state: State) -> State:
        return self.fold_many(events, state) if self.fold_many else reduce(self.evolve, events, state)
