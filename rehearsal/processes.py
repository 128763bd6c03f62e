"""Journeys of a rehearsal played in several processes. What comes of it does not depend on how many there are."""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from select import POLLIN, poll
from typing import Any, NamedTuple, Protocol

from domain.ids import JourneyId
from domain.kit import Kit
from domain.mentor.ledger import ReservePlace
from rehearsal.people.person import People
from rehearsal.player.program import Shares
from rehearsal.player.share import Input, Moment, News, Share
from rehearsal.player.tally import Tally

MakePeople = Callable[[], People]
"""Makes the same people in every process."""


class _Begin(NamedTuple):
    kit: Kit
    people: MakePeople
    part: int
    of: int


class _Advance(NamedTuple):
    to: Moment
    given: Sequence[Input]
    then: datetime | None


class _Reserve(NamedTuple):
    journeys: Collection[JourneyId]


class _Tell(NamedTuple):
    """The tallies are wanted."""


class PlayerLostError(Exception):
    """A process that played a share of the journeys has ended, and what it had played with it."""

    def __init__(self, code: int | None) -> None:
        how = f"killed by signal {-code}" if code and code < 0 else f"with exit code {code}"
        super().__init__(
            f"a process of the rehearsal has ended ({how}), so there are no figures and no report. Where memory is "
            "short, rehearse fewer learners, or with fewer --processes"
        )


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
        self.shares: list[Share] = []

    def begin(self, kit: Kit, people: MakePeople) -> "Alone":
        self.shares = [Share(kit, people(), part=part, of=self._of) for part in range(self._of)]
        return self

    def advance(self, to: Moment, given: Sequence[Input], then: datetime | None) -> Sequence[News]:  # noqa: ARG002
        return [one.advance(to, given) for one in self.shares]

    def reservations(self, journeys: Collection[JourneyId]) -> Mapping[JourneyId, ReservePlace]:
        return _together(one.reservations(journeys) for one in self.shares)

    def tallies(self) -> Sequence[Tally]:
        return sorted((one for share in self.shares for one in share.tallies), key=lambda one: one.learner)


class Team:
    """Processes that stay for one replication after another."""

    def __init__(self, connections: Sequence["Connection[Any, Any]"], running: Sequence[BaseProcess]) -> None:
        self._connections = connections
        self._running = running

    @property
    def size(self) -> int:
        return len(self._connections)

    def begin(self, kit: Kit, people: MakePeople) -> "Team":
        of = len(self._connections)
        for part in range(of):
            self._ask(part, _Begin(kit, people, part, of))
        return self

    def advance(self, to: Moment, given: Sequence[Input], then: datetime | None) -> Sequence[News]:
        return self._ask_all(_Advance(to, given, then))

    def reservations(self, journeys: Collection[JourneyId]) -> Mapping[JourneyId, ReservePlace]:
        return _together(self._ask_all(_Reserve(tuple(journeys))))

    def tallies(self) -> Sequence[Tally]:
        return sorted((one for each in self._ask_all(_Tell()) for one in each), key=lambda one: one.learner)

    def _ask_all(self, asked: object) -> list[Any]:
        for part in range(len(self._connections)):
            self._ask(part, asked)
        return [self._answer(part) for part in range(len(self._connections))]

    def _ask(self, part: int, asked: object) -> None:
        try:
            self._connections[part].send(asked)
        except OSError:
            raise self._lost(part) from None

    def _answer(self, part: int) -> Any:
        try:
            answer = self._connections[part].recv()
        except (EOFError, OSError):
            raise self._lost(part) from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _lost(self, part: int) -> PlayerLostError:
        self._running[part].join(_ENDS_WITHIN)
        return PlayerLostError(self._running[part].exitcode)


def _together(shares: Iterable[Mapping[JourneyId, ReservePlace]]) -> Mapping[JourneyId, ReservePlace]:
    return {journey: asked for share in shares for journey, asked in share.items()}


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
    for one, (_, theirs) in zip(running, pairs, strict=True):
        one.start()
        theirs.close()  # so that its end is noticed here
    try:
        yield Team([ours for ours, _ in pairs], running)
    finally:
        for one in running:
            one.terminate()
            one.join()


_ENDS_WITHIN = 5.0
"""Seconds."""


def _work(connection: "Connection[Any, Any]") -> None:
    """Until whoever asks ends, or ends it. An interruption from the keyboard is left to them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        _serve(connection)


_NOTHING_LEFT = object()


def _serve(connection: "Connection[Any, Any]") -> None:
    gc.freeze()  # what was imported is not looked through again and again
    gc.set_threshold(*_SELDOM)
    share: Share | None = None
    answer: object
    ahead: Iterator[None] = iter(())
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    while True:
        while not waiting.poll(0) and next(ahead, _NOTHING_LEFT) is not _NOTHING_LEFT:
            pass
        asked, answer = connection.recv(), None
        try:
            match asked:
                case _Begin():
                    share = Share(asked.kit, asked.people(), part=asked.part, of=asked.of)
                case _Advance():
                    assert share
                    answer = share.advance(asked.to, asked.given)
                    ahead = share.ahead(asked.to, asked.then) if asked.then else iter(())
                case _Reserve():
                    assert share
                    answer = share.reservations(asked.journeys)
                case _Tell():
                    assert share
                    answer = share.tallies
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            answer = error
        if answer is not None:  # to be told to begin is not answered
            connection.send(answer)
