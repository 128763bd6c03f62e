"""What comes next on a journey by itself: every timer with its rule.

All of it follows from the kit and the state alone, so a journey that is resumed after any loss goes on as before.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import assert_never

from domain.journey import (
    ending,
    escalations,
    intake,
    ladders,
    milestones,
    offers,
    pausing,
    remedies,
    sessions,
)
from domain.journey.bases import JourneyCommand
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
    context, fired = context_of(state), frozenset(state.fired)
    of_subjects = (timer for subject in subjects(state) for timer in timers_of(kit, subject, context))
    pending = (timer for timer in of_subjects if timer.once not in fired)
    return tuple(sorted((*pending, *_others(kit, state)), key=_ORDER))


def earliest(kit: Kit, state: JourneyState) -> Timer | None:
    """The first of `timers`. Those of what lies farther ahead are not even made. It is kept with the state."""
    kept: tuple[Kit, Timer | None] | None = getattr(state, "earliest", None)
    if kept is None or kept[0] is not kit:
        kept = kit, _earliest(kit, state)
        object.__setattr__(state, "earliest", kept)
    return kept[1]


def _earliest(kit: Kit, state: JourneyState) -> Timer | None:
    first: Timer | None = None
    context, fired = context_of(state), frozenset(state.fired)
    notice, limit = _longest_reminder(kit, context), _EVER
    for subject in subjects(state):
        if subject.first_date > limit:
            continue
        for timer in timers_of(kit, subject, context):
            if timer.once not in fired:
                if first is None or _comes_before(timer, first):
                    first, limit = timer, timer.at + notice
                break
    for timer in _others(kit, state, until=first.at if first else _EVER):
        if first is None or _comes_before(timer, first):
            first = timer
    return first


def _comes_before(one: Timer, other: Timer) -> bool:
    """By `_ORDER`; mostly the moments differ, and are enough."""
    return one.at < other.at or (one.at == other.at and _ORDER(one) < _ORDER(other))


def is_due(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> bool:
    """Whether a timer with this command is pending and due. False if it has been stopped meanwhile."""
    first = earliest(kit, state)
    if first is None or first.at > at:
        return False
    if first.then == command:
        return True
    context = context_of(state)
    soon = at + _longest_reminder(kit, context)
    for subject in subjects(state):
        if subject.first_date <= soon:
            for timer in timers_of(kit, subject, context):
                if timer.at <= at and timer.then == command and timer.once not in state.fired:
                    return True
    return any(timer.at <= at and timer.then == command for timer in _others(kit, state, until=at))


def _longest_reminder(kit: Kit, context: Context) -> timedelta:
    pathway = kit.pathway(context.pathway) if context.pathway else None
    return pathway.longest_reminder if pathway else timedelta(0)


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


def _timers_of(kit: Kit, subject: Subject, context: Context) -> list[Timer]:
    waits = duties_of(subject, context)
    pathway = kit.pathway(context.pathway) if context.pathway else None
    found = [timer for wait in waits for timer in escalations.timers(kit, wait, subject, pathway)]
    match subject:
        case SessionStanding():
            found += sessions.timers(subject, waits, pathway)
        case MilestoneStanding():
            found += milestones.timers(subject, waits, pathway, context)
        case StageWait():
            found += intake.timers(kit, subject, waits, context)
            found += ending.timers(subject, context)
        case Offer():
            found += offers.timers(kit, subject)
        case RemedyOffer():
            found += remedies.timers(subject)
        case ActionItemStanding() | CheckInWait() | Case():
            pass
        case _:
            assert_never(subject)
    return found
