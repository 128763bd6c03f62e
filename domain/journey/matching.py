"""Matching: the learner gets a mentor, and another takes over."""

from datetime import datetime
from typing import Annotated, ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SLUG, MentorId, Slug
from domain.journey.bases import Events, NamedCommand, Repeatable
from domain.journey.between_sessions import check_in_after_rematch, check_in_due, first_check_in
from domain.journey.parts import changed
from domain.journey.pathway import planned
from domain.journey.refusing import Code, by_role, require_membership, require_reason, require_stage
from domain.journey.repeating import digest, nothing_new, with_further
from domain.journey.state import JourneyState
from domain.journey.steps import awaiting
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Personal, Truth, together


class MentorMatched(Repeatable):
    """A mentor takes this learner on. A match made later replaces the mentor, moves no date, and is watched closely."""

    type: ClassVar[str] = "journey.mentor_matched"
    mentor: MentorId
    reason: Personal = ""
    check_in_by: AwareDatetime | None = None
    watched_until: AwareDatetime | None = None
    round: str | None = None
    """The round of matching that made the match. None: a person or an accepted offer did."""

    def key_and_digest(self) -> tuple[str, str]:
        return "match", digest(*with_further(self.round, self.mentor, self.reason))


class MentorReleased(Repeatable):
    """The mentor leaves this journey; another is wanted. The dates of the pathway stay."""

    type: ClassVar[str] = "journey.mentor_released"
    schema_version: ClassVar[int] = 2
    mentor: MentorId
    reason: Personal
    match_due_at: AwareDatetime
    handover: Personal = ""
    """What the next mentor should know."""

    def key_and_digest(self) -> tuple[str, str]:
        return "release", digest(self.reason, self.handover)


MatchingEvent = MentorMatched | MentorReleased


class ApproveMatch(NamedCommand):
    """Give the learner this mentor; during the sessions: instead of the one they have."""

    name: ClassVar[str] = "approve_match"
    mentor: Annotated[MentorId, SLUG]
    reason: Personal = ""
    past_capacity: Truth = False
    """Give them the learner although they have no room; needs a reason."""
    round: Slug | None = None
    """The round of matching that makes the match."""
    cohort: Slug | None = None
    """The learner's group, whose mentor this is, where groups bring their mentor: nobody is asked then."""


class ReleaseMentor(NamedCommand):
    """Take the mentor off this journey; another is wanted."""

    name: ClassVar[str] = "release_mentor"
    reason: Personal = Field(min_length=1)
    handover: Personal = ""
    """What the next mentor should know."""


MatchingCommand = ApproveMatch | ReleaseMentor


# Rules


def decide(kit: Kit, state: JourneyState, command: MatchingCommand, at: datetime) -> Events:
    match command:
        case ApproveMatch():
            return _approve(kit, state, command, at)
        case ReleaseMentor():
            return _release(kit, state, command, at)
        case _:
            assert_never(command)


def _approve(kit: Kit, state: JourneyState, command: ApproveMatch, at: datetime) -> Events:
    if state.mentor == command.mentor:
        said = with_further(command.round, command.mentor, command.reason)
        return nothing_new(state, "match", *said, otherwise=is_the_mentor(command.mentor))
    require_stage(state, "matching", "sessions")
    match, *further = matched(kit, state, command.mentor, command.reason, at)
    return [match.model_copy(update={"round": command.round}), *further]


def is_the_mentor(mentor: MentorId) -> str:
    return f"{mentor!r} is the mentor already, and nothing was changed"


def require_eligible_mentor(kit: Kit, state: JourneyState, command: ApproveMatch, _: datetime) -> None:
    """Raises Rejected for the learner themself, for a match past those whom the kit asks, and for one past the mentor's
    capacity without a reason."""
    require_membership(state, command.cohort)
    if is_new_mentor(state, command.mentor):
        require_somebody_else(state, command.mentor)
        if kit.matching.asks and not _of_group(kit, state, command):
            _were_asked(kit, state, command)
        require_why_past_capacity(command.past_capacity, command.reason)


def is_new_mentor(state: JourneyState, mentor: MentorId) -> bool:
    """Whether the learner could get this mentor now, and has another or none."""
    return state.mentor != mentor and state.stage in ("matching", "sessions")


def require_somebody_else(state: JourneyState, mentor: MentorId) -> None:
    if str(mentor) == state.learner:
        raise Rejected(
            Code.MENTOR_NOT_ELIGIBLE,
            f"{mentor!r} is the learner of this journey, and nobody is their own mentor; name another",
        )


def require_why_past_capacity(past_capacity: bool, reason: str) -> None:
    if past_capacity:
        require_reason(reason, "say why this mentor takes on more than they have room for")


def _of_group(kit: Kit, state: JourneyState, command: ApproveMatch) -> bool:
    brought = kit.cohorts is not None and kit.cohorts.brings_mentor
    return brought and state.cohort is not None and command.cohort is not None


def _were_asked(kit: Kit, state: JourneyState, command: ApproveMatch) -> None:
    """Nobody is passed over whom the kit asks: the mentor must have been proposed, and whoever approves says how the
    others said yes."""
    if state.asked != command.mentor:
        asked = together(by_role(one) for one in kit.matching.asks)
        raise Rejected(
            Code.OFFER_REQUIRED,
            f"this program asks {asked} before a match; propose {command.mentor!r} with offer_match",
            {"asks": kit.matching.asks},
        )
    require_reason(command.reason, "say how those who were asked said yes, or answer for them with answer_offer")


def matched(kit: Kit, state: JourneyState, mentor: MentorId, reason: str, at: datetime) -> Events:
    """The first match begins the pathway; a later one has a closer eye kept on it, as the kit says."""
    first = state.stage == "matching"
    match = MentorMatched(
        at=at,
        mentor=mentor,
        reason=reason,
        check_in_by=first_check_in(kit, at) if first else check_in_after_rematch(kit, at),
        watched_until=at + kit.monitoring.after_rematch.lasting if kit.monitoring and not first else None,
    )
    return [match, planned(kit, state, at)] if first else [match]


def _release(kit: Kit, state: JourneyState, command: ReleaseMentor, at: datetime) -> Events:
    if state.mentor is None and state.stage == "sessions":
        there = "there is no mentor to release; another is awaited already"
        return nothing_new(state, "release", command.reason, command.handover, otherwise=there, code=Code.NO_MENTOR)
    require_stage(state, "sessions")
    return [released(kit, state, command.reason, at, command.handover)]


def released(kit: Kit, state: JourneyState, reason: str, at: datetime, handover: str = "") -> MentorReleased:
    assert state.mentor, "only a mentor who is there can leave"
    match_due_at = at + kit.service_levels.match
    return MentorReleased(at=at, mentor=state.mentor, reason=reason, match_due_at=match_due_at, handover=handover)


# The state


def evolve(state: JourneyState, event: MatchingEvent) -> JourneyState:
    match event:
        case MentorMatched():
            return _mentor_matched(state, event)
        case MentorReleased():
            state = awaiting(state, "match", event.at, event.match_due_at, again=True)
            return changed(state, mentor=None, mentor_seen_at=None, mentor_quiet_from=None)
        case _:
            assert_never(event)


def _mentor_matched(state: JourneyState, event: MentorMatched) -> JourneyState:
    state = changed(
        state,
        mentor=event.mentor,
        offer=None,
        asked=None,
        watched_until=event.watched_until,
        mentor_seen_at=event.at,
        mentor_quiet_from=event.at,
        wait=None if state.stage == "sessions" else state.wait,
    )
    if event.check_in_by is None:
        return changed(state, check_in=None)
    return check_in_due(state, event.at, event.check_in_by)
