"""What a command would bring about if it were given now: for people who are about to do something grave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.journey.bases import JourneyCommand
from domain.journey.decide import decide
from domain.journey.duties import awaited
from domain.journey.duty import Awaited
from domain.journey.events import JourneyEvent
from domain.journey.evolve import fold
from domain.journey.state import JourneyState
from domain.journey.timer import Timer
from domain.journey.timers import timers
from domain.kit import Kit


@dataclass(frozen=True, slots=True)
class Foreseen:
    events: tuple[JourneyEvent, ...]
    """None: it would change nothing."""
    after: JourneyState
    no_longer_awaited: tuple[Awaited, ...]
    newly_awaited: tuple[Awaited, ...]
    stopped: tuple[Timer, ...]
    """What would have happened by itself and no longer will. The earliest first."""
    started: tuple[Timer, ...]
    moved: tuple[tuple[Timer, datetime], ...]
    """What happens by itself at another time, with that time."""


def foreseen(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> Foreseen:
    """Nothing is changed by it. Raises Rejected, as `decide` does."""
    events = tuple(decide(kit, state, command, at))
    after = fold(events, state)
    assert after, "a journey that has started does not become one that has not"
    waits, will_wait = _by_name(awaited(state)), _by_name(awaited(after))
    running, will_run = _running(kit, state), _running(kit, after)
    return Foreseen(
        events=events,
        after=after,
        no_longer_awaited=tuple(one for name, one in waits.items() if name not in will_wait),
        newly_awaited=tuple(one for name, one in will_wait.items() if name not in waits),
        stopped=tuple(one for key, one in running.items() if key not in will_run),
        started=tuple(one for key, one in will_run.items() if key not in running),
        moved=tuple(
            (one, will_run[key].at) for key, one in running.items() if key in will_run and will_run[key].at != one.at
        ),
    )


def _by_name(waits: Iterable[Awaited]) -> dict[str, Awaited]:
    return {one.about: one for one in waits}


def _running(kit: Kit, state: JourneyState) -> dict[tuple[str, object], Timer]:
    """By the rule and by what it does."""
    return {(one.rule, (one.then, one.once)): one for one in timers(kit, state)}
