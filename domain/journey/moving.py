"""Moving a journey to another version of its program: which deadlines shift, which steps appear, what stays behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import KitDigest, MilestoneId, SessionId
from domain.journey.bases import Command, Events, NamedCommand, Repeatable
from domain.journey.between_sessions import check_in_due, first_check_in
from domain.journey.duty import pathway_of
from domain.journey.milestones import PlannedMilestone, moved_milestone
from domain.journey.parts import changed
from domain.journey.pathway import kept_milestones
from domain.journey.refusing import Code
from domain.journey.repeating import digest, nothing_new
from domain.journey.sessions import PlannedSession, moved_session
from domain.journey.state import JourneyState
from domain.journey.steps import on_the_clock
from domain.kit import Kit, Milestone, Pathway, Session
from domain.refusal import Rejected
from domain.values import Personal


class MovedToKit(Repeatable):
    """The journey follows another version of its program from here on. What was not settled is planned by that one.

    In a pause the dates are those of the clock that stands: resuming moves them.
    """

    type: ClassVar[str] = "journey.moved_to_kit"
    kit: KitDigest
    reason: Personal
    ends_at: AwareDatetime | None = None
    sessions: tuple[PlannedSession, ...] = ()
    milestones: tuple[PlannedMilestone, ...] = ()
    check_in_by: AwareDatetime | None = None
    """Where this version is the first to ask for check-ins; None: they go on as before."""

    def key_and_digest(self) -> tuple[str, str]:
        return "kit", digest(self.kit, self.reason)


class MoveToKit(NamedCommand):
    """Let the journey follow another version of its program from here on."""

    name: ClassVar[str] = "move_to_kit"
    kit: KitDigest = Field(min_length=1)
    reason: Personal = Field(min_length=1)


class AdoptKit(Command):
    """`MoveToKit`, with the kit that it names: the workflow finds it."""

    name: ClassVar[str] = MoveToKit.name
    digest: KitDigest
    content: Kit
    reason: Personal


MovingCommand = MoveToKit | AdoptKit


# Rules


def decide(kit: Kit, state: JourneyState, command: MovingCommand, at: datetime) -> Events:
    match command:
        case MoveToKit():
            return _unknown(state, command)
        case AdoptKit():
            return _adopt(kit, state, command, at)
        case _:
            assert_never(command)


def _unknown(state: JourneyState, command: MoveToKit) -> Events:
    if follows(state, command.kit, command.reason):
        return []
    raise Rejected(Code.UNKNOWN_KIT, f"there is no published kit {command.kit!r} of this program")


def follows(state: JourneyState, kit: KitDigest, reason: str) -> bool:
    """Whether the journey was moved to this version before, in these words.

    Raises:
        Rejected: where it follows this version for another reason.
    """
    if state.kit == kit:
        nothing_new(state, "kit", kit, reason, otherwise="the journey follows this version already")
    return state.kit == kit


def _adopt(kit: Kit, state: JourneyState, command: AdoptKit, at: datetime) -> Events:
    if follows(state, command.digest, command.reason):
        return []
    plan = moving(kit, command.content, state, at)
    return [
        MovedToKit(
            at=at,
            kit=command.digest,
            reason=command.reason,
            ends_at=plan.ends_at,
            sessions=plan.sessions,
            milestones=plan.milestones,
            check_in_by=_first_check_in(command.content, state, at),
        )
    ]


def _first_check_in(new: Kit, state: JourneyState, at: datetime) -> datetime | None:
    """Counted from the move, where nobody has been awaited to check in until then."""
    if state.stage != "sessions" or state.mentor is None or state.check_in:
        return None
    return first_check_in(new, _on_its_clock(state, at))


# The plan


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one step; `before` and `after` are its dates, where it has them."""

    what: str
    before: datetime | None
    after: datetime | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.what} appears, on {self.after:%d %b %Y}"
        if self.after is None:
            return f"{self.what} of {self.before:%d %b %Y} is no longer asked"
        return f"{self.what} moves from {self.before:%d %b %Y} to {self.after:%d %b %Y}"


@dataclass(frozen=True, slots=True)
class Moving:
    """The plan by the other kit, and how it differs from the plan until now. No changes: only the rules differ."""

    ends_at: datetime | None
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]
    changes: tuple[Change, ...]


def moving(old: Kit, new: Kit, state: JourneyState, at: datetime) -> Moving:
    """What moving the journey from one kit to the other at this moment would mean.

    In a pause it means what it would have meant when the clocks stopped: resuming moves the new dates with the others.

    Dates that were moved for this learner, by a pause or by hand, keep the distance by which they were. A new session
    that would lie in the past is left out, and none moves there; a new or shifted milestone gets the time of a rework
    at least.

    Raises:
        Rejected: with the reason why this journey cannot be moved.
    """
    if new.program != old.program:
        raise Rejected(
            Code.OTHER_PROGRAM,
            f"this kit is of the program {new.program!r}, not of {old.program!r}",
            {"program": new.program},
        )
    if state.pathway is None or state.ends_at is None:
        return Moving(None, (), (), ())
    before, after = pathway_of(old, state), new.pathway(state.pathway)
    if after is None:
        pathways = [one.id for one in new.pathways]
        there_are = ", ".join(pathways)
        raise Rejected(
            Code.UNKNOWN_PATHWAY,
            f"the learner is on the pathway {state.pathway!r}, which the other version does not have: {there_are}",
            {"pathways": pathways},
        )
    assert before, "a journey's pathway is one of its kit"
    plan = _Plan(old, new, before, after, state, _on_its_clock(state, at))
    return Moving(plan.ends_at, plan.sessions(), plan.milestones(), plan.changes())


@dataclass(frozen=True, slots=True)
class _Plan:
    old: Kit
    new: Kit
    before: Pathway
    after: Pathway
    state: JourneyState
    at: datetime

    @property
    def starts_at(self) -> datetime:
        """From when the dates of this learner count, with the pauses they had."""
        assert self.state.ends_at
        return self.state.ends_at - self.before.ends

    @property
    def ends_at(self) -> datetime:
        return max(self.starts_at + self.after.ends, self.at)

    def sessions(self) -> tuple[PlannedSession, ...]:
        held = {one.session for one in self.state.sessions if one.attendance}
        dates = ((one, self._session_at(one)) for one in self.after.sessions if one.id not in held)
        level = self.new.service_levels.attendance
        return tuple(
            PlannedSession(
                session=SessionId(one.id),
                starts_at=starts_at,
                attendance_due_at=starts_at + one.length + level,
                wants_preparation=one.preparation is not None,
            )
            for one, starts_at in dates
            if starts_at > self.at or self.state.session(SessionId(one.id))
        )

    def _session_at(self, one: Session) -> datetime:
        if together := self.state.group_times.get(one.id):
            return together
        standing = self.state.session(SessionId(one.id))
        earlier = next((was for was in self.before.sessions if was.id == one.id), None)
        if not (standing and earlier):
            return self.starts_at + one.after
        shifted = standing.starts_at + (one.after - earlier.after)
        return shifted if shifted > self.at else max(shifted, standing.starts_at)

    def milestones(self) -> tuple[PlannedMilestone, ...]:
        kept = kept_milestones(self.state)
        return tuple(
            PlannedMilestone(milestone=MilestoneId(one.id), due_at=self._milestone_due(one))
            for one in self.after.milestones
            if one.id not in kept
        )

    def _milestone_due(self, one: Milestone) -> datetime:
        standing = self.state.milestone(MilestoneId(one.id))
        earlier = next((was for was in self.before.milestones if was.id == one.id), None)
        due_at = standing.due_at + (one.due - earlier.due) if standing and earlier else self.starts_at + one.due
        return due_at if due_at > self.at else self.at + one.rework

    def changes(self) -> tuple[Change, ...]:
        found: list[Change] = []
        kept = kept_milestones(self.state)
        open_sessions: dict[str, datetime] = {
            one.session: one.starts_at for one in self.state.sessions if not one.attendance
        }
        open_milestones: dict[str, datetime] = {
            one.milestone: one.due_at for one in self.state.milestones if one.milestone not in kept
        }
        planned_sessions: dict[str, datetime] = {one.session: one.starts_at for one in self.sessions()}
        planned_milestones: dict[str, datetime] = {one.milestone: one.due_at for one in self.milestones()}
        found += _differences("session", open_sessions, planned_sessions)
        found += _differences("milestone", open_milestones, planned_milestones)
        if self.state.ends_at != self.ends_at:
            found.append(Change("the end of the pathway", self.state.ends_at, self.ends_at))
        return tuple(found)


def _differences(what: str, before: Mapping[str, datetime], after: Mapping[str, datetime]) -> list[Change]:
    return [
        Change(f"{what} {one}", before.get(one), after.get(one))
        for one in dict.fromkeys((*before, *after))
        if before.get(one) != after.get(one)
    ]


def _on_its_clock(state: JourneyState, at: datetime) -> datetime:
    """In a pause, the moment when the clocks stopped."""
    return state.pause.since if state.pause else at


# The state


def evolve(state: JourneyState, event: MovedToKit) -> JourneyState:
    """Gives what is in the event its dates, and where these are others, another name; keeps what is settled."""
    planned = {one.session for one in event.sessions}
    at = on_the_clock(state, event.at, event.at)
    state = changed(
        state,
        kit=event.kit,
        sessions=(
            *(one for one in state.sessions if one.session not in planned and one.attendance),
            *(moved_session(one, at, state.session(one.session)) for one in event.sessions),
        ),
        milestones=(
            *(one for one in state.milestones if one.milestone in kept_milestones(state)),
            *(moved_milestone(one, at, state.milestone(one.milestone)) for one in event.milestones),
        ),
        ends_at=event.ends_at or state.ends_at,
    )
    return check_in_due(state, at, event.check_in_by)
