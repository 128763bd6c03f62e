"""Finding a mentor: offered and answered, or approved by a person; and changing the mentor."""

from datetime import datetime
from typing import assert_never

from domain.ids import MentorId
from domain.journey import events as e
from domain.journey.commands import AnswerOffer, ApproveMatch, OfferMatch, ReleaseMentor
from domain.journey.deciding.planning import planned
from domain.journey.deciding.refusing import Rejected, by_role, only_in, wants_reason
from domain.journey.deciding.repeating import nothing_new
from domain.journey.state import JourneyState
from domain.kit import Kit, Role
from domain.values import together


def approve(kit: Kit, state: JourneyState, command: ApproveMatch, at: datetime) -> e.Events:
    if state.mentor == command.mentor:
        return _has_already(state, command)
    only_in(state, "matching", "sessions")
    return _matched(kit, state, command.mentor, command.reason, at)


def _has_already(state: JourneyState, command: ApproveMatch | OfferMatch) -> e.Events:
    key = "offer" if isinstance(command, OfferMatch) else "match"
    there = f"{command.mentor!r} is the mentor already, and nothing was changed"
    return nothing_new(state, key, command.mentor, command.reason, otherwise=there)


def could_be_mentor(kit: Kit, state: JourneyState, command: ApproveMatch | OfferMatch) -> None:
    """Raises Rejected for the learner themself, and for a match past those whom the kit asks."""
    mentor = command.mentor
    if state.mentor == mentor or state.stage not in ("matching", "sessions"):
        return
    if str(mentor) == state.learner:
        raise Rejected(f"{mentor!r} is the learner of this journey, and nobody is their own mentor; name another")
    if kit.matching.asks and isinstance(command, ApproveMatch):
        _were_asked(kit, state, command)


def _were_asked(kit: Kit, state: JourneyState, command: ApproveMatch) -> None:
    """Nobody is passed over whom the kit asks: the mentor must have been proposed, and whoever approves says how the
    others said yes."""
    if state.asked != command.mentor:
        asked = together(by_role(one) for one in kit.matching.asks)
        raise Rejected(f"this program asks {asked} before a match; propose {command.mentor!r} with offer_match")
    wants_reason(command.reason, "say how those who were asked said yes, or answer for them with answer_offer")


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
    if state.mentor == command.mentor:
        return _has_already(state, command)
    only_in(state, "matching", "sessions")
    if not kit.matching.asks:
        raise Rejected("this program asks nobody before a match; use approve_match")
    if state.offer:
        there = f"{state.offer.mentor!r} is proposed and has not been answered; it lapses on "
        there += f"{state.offer.expires_at:%d %B %Y}, or is declined by answer_offer before another is proposed"
        return nothing_new(state, "offer", command.mentor, command.reason, otherwise=there)
    expires_at = at + kit.service_levels.offer
    asks: tuple[Role, ...] = kit.matching.asks
    return [e.MatchOffered(at=at, mentor=command.mentor, asks=asks, expires_at=expires_at, reason=command.reason)]


def answer(kit: Kit, state: JourneyState, command: AnswerOffer, at: datetime) -> e.Events:
    who = _speaks_for(command)
    said = (f"answer:{who}", command.answer, command.reason)
    if state.offer is None:
        return nothing_new(state, *said, otherwise="no match is offered")
    if who not in state.offer.pending:
        return nothing_new(state, *said, otherwise=f"the {who} is not asked, or has accepted already")
    mentor = state.offer.mentor
    match command.answer:
        case "accept":
            accepted = e.OfferAccepted(at=at, mentor=mentor, who=who, reason=command.reason)
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


def is_asked(state: JourneyState, command: AnswerOffer) -> None:
    """Raises Rejected for a mentor or learner who answers in the name of another."""
    role, _, name = command.by.partition(":")
    proposed = state.offer.mentor if state.offer else state.mentor
    asked = {"mentor": proposed, "learner": state.learner}.get(role)
    if asked and name not in ("", asked):
        raise Rejected(f"{name!r} is not the {role} who is asked; ops can answer for them with `who`")


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
        there = "there is no mentor to release; another is awaited already"
        return nothing_new(state, "release", command.reason, command.handover, otherwise=there)
    only_in(state, "sessions")
    return [released(kit, state, command.reason, at, command.handover)]


def released(kit: Kit, state: JourneyState, reason: str, at: datetime, handover: str = "") -> e.MentorReleased:
    assert state.mentor, "only a mentor who is there can leave"
    match_due_at = at + kit.service_levels.match
    return e.MentorReleased(at=at, mentor=state.mentor, reason=reason, match_due_at=match_due_at, handover=handover)
