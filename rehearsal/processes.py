"""Journeys of a rehearsal played in several processes. What comes of it does not depend on how many there are."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, Protocol

from domain.kit import Kit
from rehearsal.people.person import People
from rehearsal.player.program import Shares
from rehearsal.player.share import Input, News, Share
from rehearsal.player.tally import Tally

MakePeople = Callable[[], People]
"""Makes the same people in every process."""


class _Begin(NamedTuple):
    kit: Kit
    people: MakePeople
    part: int
    of: int


class _Advance(NamedTuple):
    until: datetime
    given: Sequence[Input]
    match: bool


class _Tell(NamedTuple):
    """The tallies are wanted."""


class Players(Protocol):
    """Whoever plays the journeys of one replication after another."""

    @property
    def size(self) -> int:
        """How many processes there are."""
        ...

    def begin(self, kit: Kit, people: MakePeople) -> Shares: ...


class Alone:
    """All journeys in this process, in any number of shares."""

    size = 1

    def __init__(self, shares: int = 1) -> None:
        self._of = shares
        self._shares: list[Share] = []

    def begin(self, kit: Kit, people: MakePeople) -> "Alone":
        self._shares = [Share(kit, people(), part=part, of=self._of) for part in range(self._of)]
        return self

    def advance(self, until: datetime, given: Sequence[Input], *, match: bool) -> Sequence[News]:
        return [one.advance(until, given, match=match) for one in self._shares]

    def tallies(self) -> Sequence[Tally]:
        return sorted((one for share in self._shares for one in share.tallies), key=lambda one: one.learner)


class Team:
    """Processes that stay for one replication after another."""

    def __init__(self, connections: Sequence["Connection[Any, Any]"]) -> None:
        self._connections = connections

    @property
    def size(self) -> int:
        return len(self._connections)

    def begin(self, kit: Kit, people: MakePeople) -> "Team":
        of = len(self._connections)
        for part, connection in enumerate(self._connections):
            connection.send(_Begin(kit, people, part, of))
        return self

    def advance(self, until: datetime, given: Sequence[Input], *, match: bool) -> Sequence[News]:
        for connection in self._connections:
            connection.send(_Advance(until, given, match))
        return [_answer(one) for one in self._connections]

    def tallies(self) -> Sequence[Tally]:
        for connection in self._connections:
            connection.send(_Tell())
        return sorted((one for each in self._connections for one in _answer(each)), key=lambda one: one.learner)


def _answer(connection: "Connection[Any, Any]") -> Any:
    answer = connection.recv()
    if isinstance(answer, BaseException):
        raise answer
    return answer


@contextmanager
def players(processes: int) -> Iterator[Players]:
    """One process needs no others."""
    with _seldom_collected():
        if processes == 1:
            yield Alone()
        else:
            with _team(processes) as those:
                yield those


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Nearly nothing of a rehearsal is garbage in cycles: looking for it would take a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


_SELDOM = (50_000, 20, 100)


@contextmanager
def _team(processes: int) -> Iterator[Team]:
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(processes)]
    running = [context.Process(target=_work, args=(theirs,), daemon=True) for _, theirs in pairs]
    for one in running:
        one.start()
    try:
        yield Team([ours for ours, _ in pairs])
    finally:
        for one in running:
            one.terminate()
            one.join()


def _work(connection: "Connection[Any, Any]") -> None:
    gc.freeze()  # what was imported is not looked through again and again
    gc.set_threshold(*_SELDOM)
    share: Share | None = None
    while True:
        try:
            asked = connection.recv()
        except EOFError:
            return
        try:
            match asked:
                case _Begin():
                    share = Share(asked.kit, asked.people(), part=asked.part, of=asked.of)
                case _Advance():
                    assert share
                    connection.send(share.advance(asked.until, asked.given, match=asked.match))
                case _Tell():
                    assert share
                    connection.send(share.tallies)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            connection.send(error)
