"""Whom a journey waits for. It follows from the state alone."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import assert_never

from domain.journey import between_sessions, cases, follow_ups, matching, milestones, remedies, sessions, steps
from domain.journey.duty import Awaited, Context, Subject, context_of
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
from domain.kit import Severity
from domain.kit.words import GRAVITY

_DATE_AND_NAME = attrgetter("due_at", "about")


def attention(state: JourneyState) -> Severity | None:
    """The gravest of the open cases; None when there are none."""
    return max((case.severity for case in state.cases), key=GRAVITY.__getitem__, default=None)


def awaited(state: JourneyState) -> tuple[Awaited, ...]:
    """Everything that somebody is awaited to do, the earliest due first."""
    return tuple(sorted((wait for wait, _ in duties(state)), key=_DATE_AND_NAME))


def names_awaited(state: JourneyState) -> frozenset[str]:
    context = context_of(state)
    return frozenset([wait.about for subject in subjects(state) for wait in duties_of(subject, context)])


def duties(state: JourneyState) -> Iterator[tuple[Awaited, Subject]]:
    """What is awaited, each with what it is about, in no order."""
    context = context_of(state)
    for subject in subjects(state):
        for wait in duties_of(subject, context):
            yield wait, subject


def subjects(state: JourneyState) -> list[Subject]:
    """The parts of the state that somebody may be awaited for; none in a pause, and none after the end."""
    if state.pause or state.closing:
        return []
    return [
        *([state.wait] if state.wait else ()),
        *([state.offer] if state.offer else ()),
        *[one for one in state.sessions if not one.attendance or one.notes_due_at or one.follow_up_due_at],
        *state.action_items,
        *([state.check_in] if state.check_in else ()),
        *[one for one in state.milestones if one.status in ("open", "submitted")],
        *([state.remedies] if state.remedies else ()),
        *state.cases,
    ]


def duties_of(subject: Subject, context: Context) -> tuple[Awaited, ...]:
    """What is awaited for one part of the state. It is kept with the part."""
    kept: tuple[Context, tuple[Awaited, ...]] | None = getattr(subject, "duties_of", None)
    if kept is None or kept[0] != context:
        kept = context, tuple(_duties_of(subject, context))
        object.__setattr__(subject, "duties_of", kept)
    return kept[1]


def _duties_of(subject: Subject, context: Context) -> Iterable[Awaited]:
    match subject:
        case StageWait():
            return steps.duties(subject)
        case Offer():
            return matching.duties(subject)
        case SessionStanding():
            return sessions.duties(subject, context)
        case ActionItemStanding():
            return follow_ups.duties(subject, context)
        case CheckInWait():
            return between_sessions.duties(subject, context)
        case MilestoneStanding():
            return milestones.duties(subject, context)
        case RemedyOffer():
            return remedies.duties(subject)
        case Case():
            return cases.duties(subject)
        case _:
            assert_never(subject)
