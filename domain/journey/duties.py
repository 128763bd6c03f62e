"""Whom a journey waits for. It follows from the state alone."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import assert_never

from domain.journey import between_sessions, cases, follow_ups, milestones, offers, remedies, sessions, steps
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


class NamesAwaited(Collection[str]):
    """The names of the duties that somebody has. Nothing is looked at before somebody asks for one; then they are kept
    with the state."""

    __slots__ = ("_state",)

    def __init__(self, state: JourneyState) -> None:
        self._state = state

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> frozenset[str]:
        kept: frozenset[str] | None = getattr(self._state, "names_awaited", None)
        if kept is None:
            kept = frozenset([wait.about for wait, _ in duties(self._state)])
            object.__setattr__(self._state, "names_awaited", kept)
        return kept


def duties(state: JourneyState) -> Sequence[tuple[Awaited, Subject]]:
    """What is awaited, each with what it is about, in no order. It is kept with the state."""
    kept: Sequence[tuple[Awaited, Subject]] | None = getattr(state, "duties", None)
    if kept is None:
        context = context_of(state)
        kept = [(wait, subject) for subject in subjects(state) for wait in duties_of(subject, context)]
        object.__setattr__(state, "duties", kept)
    return kept


def subjects(state: JourneyState) -> Sequence[Subject]:
    """The parts of the state that somebody may be awaited for; none in a pause, and none after the end. They are kept
    with the state."""
    kept: Sequence[Subject] | None = getattr(state, "subjects", None)
    if kept is None:
        kept = _subjects(state)
        object.__setattr__(state, "subjects", kept)
    return kept


def _subjects(state: JourneyState) -> list[Subject]:
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
            return offers.duties(subject)
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
