"""What comes next on a journey by itself: every timer with its rule.

All of it is told from the kit and the state alone, so that a journey taken up again after any loss goes on as before.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import assert_never

from domain.journey import (
    ending,
    escalations,
    intake,
    ladders,
    matching,
    milestones,
    pausing,
    remedies,
    sessions,
)
from domain.journey.bases import Command, TimerCommand
from domain.journey.duties import duties_of, subjects
from domain.journey.duty import Context, Subject, context_of
from domain.journey.state import (
    ActionItemStanding,
    Case,
    CheckInWait,
    JourneyState,
    MilestoneStanding,
    Offer,
    RemedyOffer,
    SessionStanding,
    StageWait,
)
from domain.journey.timer import Timer
from domain.kit import Kit

_EVER = datetime.max.replace(tzinfo=UTC)
_ORDER = attrgetter("at", "is_last", "rule")


def timers(kit: Kit, state: JourneyState) -> tuple[Timer, ...]:
    """Everything that happens by itself unless something else comes first, the earliest first."""
    fired = frozenset(state.fired)
    of_parts = (timer for row in _of_parts(kit, state) for timer in row if timer.once not in fired)
    return tuple(sorted((*of_parts, *_others(kit, state)), key=_ORDER))


def earliest(kit: Kit, state: JourneyState) -> Timer | None:
    """The first of `timers`, found without making and sorting the others."""
    first: Timer | None = None
    fired = frozenset(state.fired)
    for row in _of_parts(kit, state):
        for timer in row:
            if first and timer.at > first.at:
                break
            if timer.once not in fired:
                if first is None or _ORDER(timer) < _ORDER(first):
                    first = timer
                break
    for timer in _others(kit, state, until=first.at if first else _EVER):
        if first is None or _ORDER(timer) < _ORDER(first):
            first = timer
    return first


def is_due(kit: Kit, state: JourneyState, command: Command | TimerCommand, at: datetime) -> bool:
    """Whether a timer stands for this command and its moment has come. One stopped meanwhile has lost its point."""
    for row in _of_parts(kit, state):
        for timer in row:
            if timer.at > at:
                break
            if timer.then == command and timer.once not in state.fired:
                return True
    return any(timer.at <= at and timer.then == command for timer in _others(kit, state, until=at))


def _of_parts(kit: Kit, state: JourneyState) -> Sequence[Sequence[Timer]]:
    """For each part of the state its timers, the earliest first, among them those that have fired."""
    if state.closing or state.pause:
        return ()
    context = context_of(state)
    return [timers_of(kit, subject, context) for subject in subjects(state)]


def _others(kit: Kit, state: JourneyState, until: datetime = _EVER) -> Iterator[Timer]:
    """The timers of the journey as a whole, in no order. Those after `until` may be left out."""
    if state.closing:
        return
    if state.pause:
        yield pausing.timer(state.pause)
        return
    if state.stage == "sessions" and state.ends_at and state.ends_at <= until:
        yield ending.timer_of_pathway(state.pathway, state.ends_at)
    yield from ladders.timers(kit, state, until)


def timers_of(kit: Kit, subject: Subject, context: Context) -> Sequence[Timer]:
    """Those of one part of the state, the earliest first, among them those that have fired. They are kept with it."""
    kept: tuple[Kit, Context, Sequence[Timer]] | None = getattr(subject, "timers_of", None)
    if kept is None or kept[0] is not kit or kept[1] != context:
        kept = kit, context, sorted(_timers_of(kit, subject, context), key=_ORDER)
        object.__setattr__(subject, "timers_of", kept)
    return kept[2]


def _timers_of(kit: Kit, subject: Subject, context: Context) -> Iterator[Timer]:
    waits = duties_of(subject, context)
    pathway = kit.pathway(context.pathway) if context.pathway else None
    for wait in waits:
        yield from escalations.timers(kit, wait, subject, pathway)
    match subject:
        case StageWait():
            yield from intake.timers(kit, subject, waits, context)
            yield from ending.timers(subject, context)
        case Offer():
            yield from matching.timers(kit, subject)
        case SessionStanding():
            yield from sessions.timers(subject, waits, pathway)
        case MilestoneStanding():
            yield from milestones.timers(subject, waits, pathway, context)
        case RemedyOffer():
            yield from remedies.timers(subject)
        case ActionItemStanding() | CheckInWait() | Case():
            return
        case _:
            assert_never(subject)
