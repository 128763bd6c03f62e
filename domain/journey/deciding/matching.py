"""Finding a mentor: offered and answered, or approved by a person; and changing the mentor."""

from datetime import datetime
from typing import assert_never

from domain.ids import MentorId
from domain.journey import events as e
from domain.journey.commands import AnswerOffer, ApproveMatch, OfferMatch, ReleaseMentor
from domain.journey.deciding.planning import planned
from domain.journey.deciding.refusing import Rejected, only_in, wants_reason
from domain.journey.state import JourneyState
from domain.kit import Kit, Role


def approve(kit: Kit, state: JourneyState, command: ApproveMatch, at: datetime) -> e.Events:
    if state.mentor == command.mentor:
        return []
    only_in(state, "matching", "sessions")
    return _matched(kit, state, command.mentor, command.reason, at)


def _matched(kit: Kit, state: JourneyState, mentor: MentorId, reason: str, at: datetime) -> e.Events:
    """The first match begins the pathway; a later one has a closer eye kept on it, as the kit says."""
    first = state.stage == "matching"
    matched = e.MentorMatched(
        at=at,
        mentor=mentor,
        reason=reason,
        check_in_by=first_check_in(kit, at) if first else _check_in_after_rematch(kit, at),
        watched_until=at + kit.monitoring.after_rematch.lasting if kit.monitoring and not first else None,
    )
    return [matched, planned(kit, state, at)] if first else [matched]


def first_check_in(kit: Kit, at: datetime) -> datetime | None:
    """Counted from this moment, but in a fixed term from its beginning at the earliest."""
    return max(at, kit.starts_at or at) + kit.monitoring.first_within if kit.monitoring else None


def _check_in_after_rematch(kit: Kit, at: datetime) -> datetime | None:
    return at + kit.monitoring.after_rematch.check_in_every if kit.monitoring else None


def offer(kit: Kit, state: JourneyState, command: OfferMatch, at: datetime) -> e.Events:
    if state.mentor == command.mentor or (state.offer and state.offer.mentor == command.mentor):
        return []
    only_in(state, "matching", "sessions")
    if not kit.matching.asks:
        raise Rejected("this program asks nobody before a match; use approve_match")
    if state.offer:
        raise Rejected(f"{state.offer.mentor!r} is offered and has not been answered; wait for it, or approve_match")
    expires_at = at + kit.service_levels.offer
    asks: tuple[Role, ...] = kit.matching.asks
    return [e.MatchOffered(at=at, mentor=command.mentor, asks=asks, expires_at=expires_at, reason=command.reason)]


def answer(kit: Kit, state: JourneyState, command: AnswerOffer, at: datetime) -> e.Events:
    if state.offer is None:
        if command.answer == "accept" and state.mentor:
            return []
        raise Rejected("no match is offered")
    who = _speaks_for(command)
    if who not in state.offer.pending:
        if command.answer == "accept":
            return []
        raise Rejected(f"the {who} is not asked, or has accepted already")
    mentor = state.offer.mentor
    match command.answer:
        case "accept":
            accepted = e.OfferAccepted(at=at, mentor=mentor, who=who)
            others = [one for one in state.offer.pending if one != who]
            return [accepted] if others else [accepted, *_matched(kit, state, mentor, "", at)]
        case "decline":
            wants_reason(command.reason, "say why, so that the next offer fits better")
            return [e.OfferDeclined(at=at, mentor=mentor, who=who, reason=command.reason)]
        case "more_information":
            wants_reason(command.reason, "say what should be known")
            return [e.OfferQuestioned(at=at, mentor=mentor, who=who, question=command.reason)]
        case _:
            assert_never(command.answer)


_ASKED: tuple[Role, ...] = ("mentor", "learner")


def _speaks_for(command: AnswerOffer) -> Role:
    """Mentors and learners for themselves; ops for the one they name."""
    speaker: Role | None = next((one for one in _ASKED if command.by.startswith(one)), None)
    if speaker and command.who not in (None, speaker):
        raise Rejected(f"a {speaker} answers for themselves, not for the {command.who}")
    if who := speaker or command.who:
        return who
    raise Rejected("say in `who` whose answer this is: mentor or learner")


def release(kit: Kit, state: JourneyState, command: ReleaseMentor, at: datetime) -> e.Events:
    if state.mentor is None and state.stage == "sessions":
        return []
    only_in(state, "sessions")
    return [released(kit, state, command.reason, at)]


def released(kit: Kit, state: JourneyState, reason: str, at: datetime) -> e.MentorReleased:
    assert state.mentor, "only a mentor who is there can leave"
    return e.MentorReleased(at=at, mentor=state.mentor, reason=reason, match_due_at=at + kit.service_levels.match)
