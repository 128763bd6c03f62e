"""The changes of the state that several topics make: what the stage waits for, and signs of life."""

from collections.abc import Iterator
from datetime import datetime

from domain.journey.bases import ActorEvent
from domain.journey.duty import Awaited
from domain.journey.parts import changed
from domain.journey.state import JourneyState, StageWait
from domain.journey.terms import StageDuty


def awaiting(
    state: JourneyState, duty: StageDuty, since: datetime, due_at: datetime, *, again: bool = False
) -> JourneyState:
    turn = state.turns + 1 if again else state.turns
    return changed(state, wait=StageWait(duty=duty, turn=turn, since=since, due_at=due_at), turns=turn)


def awaits(state: JourneyState, duty: StageDuty) -> bool:
    """Whether the stage waits for this."""
    return state.wait is not None and state.wait.duty == duty


def duties(wait: StageWait) -> Iterator[Awaited]:
    yield Awaited(
        duty=wait.duty,
        about=f"{wait.duty}#{wait.turn}",
        who="learner" if wait.duty == "intake" else "ops",
        since=wait.since,
        due_at=wait.due_at,
        rule="intake.within" if wait.duty == "intake" else f"service_levels.{wait.duty}",
    )


def on_the_clock(state: JourneyState, at: datetime, date: datetime) -> datetime:
    """A date that was set at a moment. In a pause it is kept as on the clock that stands, and resuming shifts it."""
    return date - (at - state.pause.since) if state.pause else date


# Signs of life


def sign_of_life(state: JourneyState, event: ActorEvent) -> JourneyState:
    """Of this journey's learner or mentor, whichever did it; not of somebody else in the same role."""
    role, _, name = (event.by or "").partition(":")
    if role == "learner" and name in ("", state.learner):
        return seen(state, event.at)
    if role == "mentor" and name in ("", state.mentor):
        return mentor_seen(state, event.at)
    return state


def seen(state: JourneyState, at: datetime) -> JourneyState:
    """Begins a new spell of inactivity. A sign during a pause counts from its end: until then inactivity does not."""
    if state.last_seen_at is None or state.last_seen_at >= at:
        return state
    return changed(state, last_seen_at=at, quiet_from=_counts_from(state, at))


def mentor_seen(state: JourneyState, at: datetime) -> JourneyState:
    if state.mentor_seen_at is None or state.mentor_seen_at >= at:
        return state
    return changed(state, mentor_seen_at=at, mentor_quiet_from=_counts_from(state, at))


def _counts_from(state: JourneyState, at: datetime) -> datetime:
    return state.pause.since if state.pause else max(at, state.resumed_at or at)
