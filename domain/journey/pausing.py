"""Pauses: the clocks of a journey stand still, and run again."""

from datetime import datetime, timedelta
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.journey.bases import (
    ActorEvent,
    Events,
    NamedCommand,
    Repeatable,
    TimedCommand,
)
from domain.journey.milestones import within_term
from domain.journey.parts import changed, shifted
from domain.journey.pathway import held_back, term_end
from domain.journey.refusing import Code, RecordedOtherwise
from domain.journey.repeating import digest, is_recorded
from domain.journey.state import JourneyState
from domain.journey.state import Pause as Paused
from domain.journey.timer import Timer
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Instant, Personal


class JourneyPaused(ActorEvent, Repeatable):
    """The clocks stand still until somebody resumes, or `until`, whichever is first."""

    type: ClassVar[str] = "journey.paused"
    reason: Personal
    until: AwareDatetime

    def key_and_digest(self) -> tuple[str, str]:
        return "pause", digest(self.reason)


class PauseChanged(ActorEvent, Repeatable):
    """The pause ends at another moment than was said before, or is for another reason."""

    type: ClassVar[str] = "journey.pause_changed"
    reason: Personal
    until: AwareDatetime

    def key_and_digest(self) -> tuple[str, str]:
        return "pause", digest(self.reason)


class JourneyResumed(ActorEvent):
    """The clocks run again, and every open deadline lies later by the length of the pause. Sessions that this would
    carry past the end of a fixed term follow as rescheduled to the date that they had, or where that is past, as called
    off."""

    type: ClassVar[str] = "journey.resumed"
    paused_for: timedelta
    ends_by: AwareDatetime | None = None
    """The end of a fixed term, past which neither the pathway nor any work is moved."""


PauseEvent = JourneyPaused | PauseChanged | JourneyResumed


class Pause(NamedCommand):
    """Stop the clocks, at most for as long as the kit allows. In a pause: give it another end or reason."""

    name: ClassVar[str] = "pause"
    reason: Personal = Field(min_length=1)
    until: Instant | None = None


class Resume(TimedCommand):
    """Let the clocks run again; every open deadline moves by the length of the pause."""

    name: ClassVar[str] = "resume"

    def in_words(self) -> str:
        return "the journey resumes"


PauseCommand = Pause | Resume


def decide(kit: Kit, state: JourneyState, command: PauseCommand, at: datetime) -> Events:
    match command:
        case Pause():
            return _pause(kit, state, command, at)
        case Resume():
            return _resume(kit, state, at)
        case _:
            assert_never(command)


def _pause(kit: Kit, state: JourneyState, command: Pause, at: datetime) -> Events:
    """A second one gives the pause another end or another reason, at most as long from its beginning as the first."""
    if state.pause is None:
        return [paused(kit, state, command.reason, command.until, at)]
    since, now = state.pause.since, state.pause.until
    until = command.until or _latest(kit, state, since)
    if until == now and is_recorded(state, "pause", command.reason):
        return []
    if until != now:
        _within(kit, state, until, since, at)
    return [PauseChanged(at=at, reason=command.reason, until=until)]


def _latest(kit: Kit, state: JourneyState, since: datetime) -> datetime:
    """Until when a pause that begins then may last: for as long as the kit says, and not past the end of a term."""
    latest, end = since + kit.pausing.limit, term_end(kit, state)
    return min(latest, end) if end else latest


def _within(kit: Kit, state: JourneyState, until: datetime, since: datetime, at: datetime) -> None:
    if until <= at:
        raise Rejected(
            Code.DATE_OUT_OF_RANGE,
            "the pause would end before it began; give a later `until`, or none"
            if since == at
            else "the pause would have ended already; give a later `until`, or resume the journey",
        )
    latest = _latest(kit, state, since)
    if until > latest:
        at_most = f"{latest:%d %B %Y} at most" + (", when the term ends" if latest == term_end(kit, state) else "")
        raise Rejected(
            Code.DATE_OUT_OF_RANGE,
            f"a pause may last until {at_most}; give an earlier `until`, or none",
            {"latest": latest.isoformat()},
        )


def paused(kit: Kit, state: JourneyState, reason: str, asked: datetime | None, at: datetime) -> JourneyPaused:
    """Until the moment that was asked for, or for as long as the kit and its term allow."""
    until = asked or _latest(kit, state, at)
    _within(kit, state, until, at, at)
    return JourneyPaused(at=at, reason=reason, until=until)


def _resume(kit: Kit, state: JourneyState, at: datetime) -> Events:
    if state.pause is None:
        if state.resumed_at:
            return []
        raise RecordedOtherwise("the journey has not been paused; pause it first", Code.NOT_PAUSED)
    paused_for, end = at - state.pause.since, term_end(kit, state)
    resumed = JourneyResumed(at=at, paused_for=paused_for, ends_by=max(end, at) if end else None)
    return [resumed, *held_back(kit, state, state.pause.since, end, at)]


def evolve(state: JourneyState, event: PauseEvent) -> JourneyState:
    match event:
        case JourneyPaused():
            return changed(state, pause=Paused(since=event.at, until=event.until))
        case PauseChanged():
            assert state.pause, "only a pause that is there is changed"
            return changed(state, pause=Paused(since=state.pause.since, until=event.until))
        case JourneyResumed():
            return clocks_resumed(state, event.at, event.paused_for, event.ends_by)
        case _:
            assert_never(event)


def clocks_resumed(state: JourneyState, at: datetime, by: timedelta, ends_by: datetime | None) -> JourneyState:
    """Moves every date that still lies ahead by the time for which the clocks stood; what has been settled stays."""
    before, state = state, changed(shifted(state, by, at - by), pause=None, resumed_at=at)
    if ends_by is None:
        return state
    milestones = zip(before.milestones, state.milestones, strict=True)
    return changed(
        state,
        ends_at=ends_by,
        milestones=tuple(within_term(one, later, at, ends_by) for one, later in milestones),
    )


def timer(pause: Paused) -> Timer:
    return Timer(pause.until, "pausing.limit", "the pause ends", Resume(by="system"), "ops")
