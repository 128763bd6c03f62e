"""Between sessions: check-ins, and what people say of how it goes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import Slug
from domain.journey.bases import ActorEvent, DailyCommand, Events, RepeatableDaily
from domain.journey.duty import Awaited, Context
from domain.journey.flags import all_well, raised
from domain.journey.parts import changed
from domain.journey.refusing import require_stage
from domain.journey.state import (
    CheckInWait,
    JourneyState,
)
from domain.journey.steps import mentor_seen, seen
from domain.kit import Kit
from domain.values import Event, Personal, Whole


class CheckedIn(RepeatableDaily):
    """Somebody made sure between sessions that all is well. The next time falls due in the kit's rhythm."""

    type: ClassVar[str] = "journey.checked_in"
    notes: Personal = ""
    check_in_by: AwareDatetime | None = None

    def kind_and_text(self) -> tuple[str, str]:
        return "check_in", self.notes


class RiskFlagRaised(ActorEvent, RepeatableDaily):
    """Somebody sees trouble coming. May fire an escalation."""

    type: ClassVar[str] = "journey.risk_flag_raised"
    flag: str
    notes: Personal = ""

    def kind_and_text(self) -> tuple[str, str]:
        return f"flag {self.flag}", self.notes


class HelpAsked(RepeatableDaily):
    """The learner asked for help. May fire an escalation."""

    type: ClassVar[str] = "journey.help_asked"
    notes: Personal

    def kind_and_text(self) -> tuple[str, str]:
        return "help", self.notes


class FeedbackGiven(RepeatableDaily):
    """The learner said how it goes, and how confident they are. Low confidence may fire an escalation."""

    type: ClassVar[str] = "journey.feedback_given"
    confidence: Annotated[int, Field(ge=1, le=10)]
    notes: Personal = ""

    def kind_and_text(self) -> tuple[str, str]:
        return f"confidence {self.confidence}", self.notes


class ActivitySeen(Event):
    """The learner was active after all, later than the journey knew: the inactivity clock counts from there."""

    type: ClassVar[str] = "journey.activity_seen"
    last_active_at: AwareDatetime


BetweenSessionsEvent = CheckedIn | RiskFlagRaised | HelpAsked | FeedbackGiven | ActivitySeen


class CheckIn(DailyCommand):
    """Say that somebody made sure that all is well."""

    name: ClassVar[str] = "check_in"
    notes: Personal = ""

    def kind_and_text(self) -> tuple[str, str]:
        return "check_in", self.notes


class RaiseRiskFlag(DailyCommand):
    """Say that trouble may be coming."""

    name: ClassVar[str] = "raise_risk_flag"
    flag: Slug
    notes: Personal = ""

    def kind_and_text(self) -> tuple[str, str]:
        return f"flag {self.flag}", self.notes


class AskForHelp(DailyCommand):
    """Say that help is wanted."""

    name: ClassVar[str] = "ask_for_help"
    notes: Personal = Field(min_length=1)

    def kind_and_text(self) -> tuple[str, str]:
        return "help", self.notes


class GiveFeedback(DailyCommand):
    """Say how it goes, and how confident the learner is, from 1 to 10."""

    name: ClassVar[str] = "give_feedback"
    confidence: Whole = Field(ge=1, le=10)
    notes: Personal = ""

    def kind_and_text(self) -> tuple[str, str]:
        return f"confidence {self.confidence}", self.notes


BetweenSessionsCommand = CheckIn | RaiseRiskFlag | AskForHelp | GiveFeedback


def decide(kit: Kit, state: JourneyState, command: BetweenSessionsCommand, at: datetime) -> Events:
    match command:
        case CheckIn():
            require_stage(state, "sessions")
            return [CheckedIn(at=at, notes=command.notes, check_in_by=next_check_in(kit, state, at))]
        case RaiseRiskFlag():
            return [RiskFlagRaised(at=at, flag=command.flag, notes=command.notes)]
        case AskForHelp():
            return [HelpAsked(at=at, notes=command.notes)]
        case GiveFeedback():
            return [FeedbackGiven(at=at, confidence=command.confidence, notes=command.notes)]
        case _:
            assert_never(command)


def next_check_in(kit: Kit, state: JourneyState, at: datetime) -> datetime | None:
    if kit.monitoring is None:
        return None
    watched = state.watched_until is not None and at < state.watched_until
    every = kit.monitoring.after_rematch.check_in_every if watched else kit.monitoring.check_in_every
    return at + every


def first_check_in(kit: Kit, at: datetime) -> datetime | None:
    """Counted from this moment, but in a fixed term from its beginning at the earliest."""
    return max(at, kit.starts_at or at) + kit.monitoring.first_within if kit.monitoring else None


def check_in_after_rematch(kit: Kit, at: datetime) -> datetime | None:
    return at + kit.monitoring.after_rematch.check_in_every if kit.monitoring else None


def evolve(state: JourneyState, event: BetweenSessionsEvent) -> JourneyState:
    match event:
        case CheckedIn():
            return all_well(mentor_seen(check_in_due(state, event.at, event.check_in_by), event.at))
        case RiskFlagRaised():
            return raised(changed(state, signs=state.signs + 1), event.flag, event.at)
        case HelpAsked() | FeedbackGiven():
            return seen(changed(state, signs=state.signs + 1), event.at)
        case ActivitySeen():
            return seen(state, event.last_active_at)
        case _:
            assert_never(event)


def check_in_due(state: JourneyState, at: datetime, due_at: datetime | None) -> JourneyState:
    if due_at is None:
        return state
    turn = state.check_in.turn + 1 if state.check_in else 1
    return changed(state, check_in=CheckInWait(turn=turn, since=at, due_at=due_at))


def duties(check_in: CheckInWait, context: Context) -> Iterator[Awaited]:
    if context.stage != "sessions" or context.mentor != "mentor":
        return
    watched = context.watched_until is not None and check_in.since < context.watched_until
    usual = "monitoring.first_within" if check_in.turn == 1 else "monitoring.check_in_every"
    yield Awaited(
        duty="check_in",
        about=f"check-in#{check_in.turn}",
        who="mentor",
        since=check_in.since,
        due_at=check_in.due_at,
        rule="monitoring.after_rematch" if watched else usual,
    )
