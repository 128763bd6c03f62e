"""How each event moves a journey on. Needs no kit: the events carry every date."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from domain.journey import (
    attendance,
    between_sessions,
    cases,
    cohort,
    ending,
    escalations,
    follow_ups,
    intake,
    matching,
    messages,
    milestones,
    moving,
    offers,
    pathway,
    pausing,
    remedies,
    reminders,
    sessions,
)
from domain.journey.bases import ActorEvent
from domain.journey.intake import JourneyStarted
from domain.journey.refusing import CommandRejected
from domain.journey.repeating import remembered
from domain.journey.state import JourneyState
from domain.journey.steps import sign_of_life
from domain.values import Event

_Evolve = Callable[[JourneyState, Any], JourneyState]


def evolve(state: JourneyState | None, event: Event) -> JourneyState:
    """The state after the event.

    Raises:
        ValueError: when the first event of a journey is not `JourneyStarted`.
    """
    if isinstance(event, JourneyStarted):
        return intake.started(event)
    if state is None:
        raise ValueError(f"a journey begins with {JourneyStarted.type}, not with {event.type}")
    kept: tuple[Event, JourneyState] | None = getattr(state, "evolved", None)
    if kept and kept[0] is event:  # as `decide` looked at the state that its events lead to
        return kept[1]
    after = remembered(_EVOLVE[type(event)](state, event), event)
    if isinstance(event, ActorEvent) and event.by:
        after = sign_of_life(after, event)
    object.__setattr__(state, "evolved", (event, after))
    return after


def fold(events: Iterable[Event], state: JourneyState | None = None) -> JourneyState | None:
    """The state that these events lead to, from the beginning or from an earlier state."""
    for event in events:
        state = evolve(state, event)
    return state


def _nothing_changed(state: JourneyState, _: CommandRejected) -> JourneyState:
    return state


_TOPICS: Mapping[Any, _Evolve] = {
    intake.IntakeEvent: intake.evolve,
    offers.OfferEvent: offers.evolve,
    matching.MatchingEvent: matching.evolve,
    pathway.PathwayEvent: pathway.evolve,
    sessions.SessionEvent: sessions.evolve,
    attendance.AttendanceEvent: attendance.evolve,
    follow_ups.FollowUpEvent: follow_ups.evolve,
    between_sessions.BetweenSessionsEvent: between_sessions.evolve,
    messages.MessageWritten: messages.evolve,
    milestones.MilestoneEvent: milestones.evolve,
    reminders.ReminderFellDue: reminders.evolve,
    escalations.EscalationEvent: escalations.evolve,
    cases.CaseEvent: cases.evolve,
    remedies.RemedyEvent: remedies.evolve,
    moving.MovedToKit: moving.evolve,
    pausing.PauseEvent: pausing.evolve,
    cohort.CohortEvent: cohort.evolve,
    ending.EndingEvent: ending.evolve,
    CommandRejected: _nothing_changed,
}

_EVOLVE: Mapping[type[Event], _Evolve] = {
    kind: evolve for kinds, evolve in _TOPICS.items() for kind in get_args(kinds) or (kinds,)
}
