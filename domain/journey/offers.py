"""Offers: a mentor is proposed, and whoever the kit asks answers in time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import AwareDatetime

from domain.ids import SLUG, MentorId, Slug
from domain.journey.bases import Events, NamedCommand, Repeatable, TimerCommand
from domain.journey.duty import Awaited, duty_in_words
from domain.journey.escalations import Escalate
from domain.journey.matching import (
    is_new_mentor,
    is_the_mentor,
    matched,
    require_somebody_else,
    require_why_past_capacity,
)
from domain.journey.parts import changed
from domain.journey.refusing import Code, by_role, require_reason, require_stage
from domain.journey.repeating import digest, nothing_new, with_further
from domain.journey.state import JourneyState, Offer, fired_key
from domain.journey.steps import seen
from domain.journey.timer import Timer
from domain.kit import Kit, Role
from domain.refusal import Rejected
from domain.values import Event, Personal, Truth, either, together


class MatchOffered(Repeatable):
    """A match is proposed. It holds when everybody asked has accepted; it lapses at `expires_at`."""

    type: ClassVar[str] = "journey.match_offered"
    mentor: MentorId
    asks: tuple[Role, ...]
    expires_at: AwareDatetime
    reason: Personal = ""
    round: str | None = None
    """The round of matching that proposes it. None: a person does."""

    def key_and_digest(self) -> tuple[str, str]:
        return "offer", digest(*with_further(self.round, self.mentor, self.reason))


class OfferAccepted(Repeatable):
    """One of those asked said yes. The last yes brings the match about."""

    type: ClassVar[str] = "journey.offer_accepted"
    schema_version: ClassVar[int] = 2
    mentor: MentorId
    who: Role
    reason: Personal = ""

    def key_and_digest(self) -> tuple[str, str]:
        return f"answer:{self.who}", digest("accept", self.reason)


class OfferDeclined(Repeatable):
    """One of those asked said no, and why. Another mentor is wanted."""

    type: ClassVar[str] = "journey.offer_declined"
    mentor: MentorId
    who: Role
    reason: Personal
    code: str | None = None
    """One of the kit's reasons, under `matching.declines`. None: the kit has none."""
    rests_until: AwareDatetime | None = None
    """Until when no round proposes anybody to the mentor who has declined, as the kit says for this reason."""

    def key_and_digest(self) -> tuple[str, str]:
        return f"answer:{self.who}", digest(*with_further(self.code, "decline", self.reason))


class OfferQuestioned(Repeatable):
    """One of those asked wants to know more before they decide. Ops answer, and offer again."""

    type: ClassVar[str] = "journey.offer_questioned"
    mentor: MentorId
    who: Role
    question: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"answer:{self.who}", digest("more_information", self.question)


class OfferExpired(Event):
    """Not everybody asked has answered in time. Another mentor is wanted."""

    type: ClassVar[str] = "journey.offer_expired"
    mentor: MentorId


class OfferWithdrawn(Repeatable):
    """What was proposed does not hold any more, before anybody has accepted it. Another mentor is wanted."""

    type: ClassVar[str] = "journey.offer_withdrawn"
    mentor: MentorId
    asked: tuple[Role, ...]
    """Who need not answer any more."""
    reason: Personal = ""
    round: str | None = None
    """The round of matching that is taken back. None: a person withdraws it."""

    def key_and_digest(self) -> tuple[str, str]:
        return "withdrawal", digest(*with_further(self.round, self.reason))


OfferEvent = MatchOffered | OfferAccepted | OfferDeclined | OfferQuestioned | OfferExpired | OfferWithdrawn


class OfferMatch(NamedCommand):
    """Propose a mentor to those whom the kit asks."""

    name: ClassVar[str] = "offer_match"
    mentor: Annotated[MentorId, SLUG]
    reason: Personal = ""
    past_capacity: Truth = False
    """Propose them although they have no room; needs a reason."""
    round: Slug | None = None
    """The round of matching that proposes it."""


class AnswerOffer(NamedCommand):
    """Accept an offered match, decline it, or ask for more information."""

    name: ClassVar[str] = "answer_offer"
    answer: Literal["accept", "decline", "more_information"]
    who: Literal["mentor", "learner"] | None = None
    """For whom ops answer; others answer for themselves."""
    reason: Personal = ""
    code: Slug | None = None
    """With `decline`: one of the reasons that the kit names under `matching.declines`."""


class WithdrawOffer(NamedCommand):
    """Take back an offered match that nobody has accepted yet."""

    name: ClassVar[str] = "withdraw_offer"
    reason: Personal = ""
    round: Slug | None = None
    """Only what this round of matching has proposed. None: whoever proposed it."""


class ExpireOffer(TimerCommand):
    name: ClassVar[str] = "expire_offer"

    def in_words(self) -> str:
        return "the offered match lapses"


OfferCommand = OfferMatch | AnswerOffer | WithdrawOffer | ExpireOffer


# Rules


def decide(kit: Kit, state: JourneyState, command: OfferCommand, at: datetime) -> Events:
    match command:
        case OfferMatch():
            return _offer(kit, state, command, at)
        case AnswerOffer():
            return _answer(kit, state, command, at)
        case WithdrawOffer():
            return _withdraw(state, command, at)
        case ExpireOffer():
            return [OfferExpired(at=at, mentor=state.offer.mentor)] if state.offer else []
        case _:
            assert_never(command)


def require_eligible_mentor(_: Kit, state: JourneyState, command: OfferMatch, __: datetime) -> None:
    """Raises Rejected for the learner themself, and for an offer past the mentor's capacity without a reason."""
    if is_new_mentor(state, command.mentor):
        require_somebody_else(state, command.mentor)
        require_why_past_capacity(command.past_capacity, command.reason)


def _offer(kit: Kit, state: JourneyState, command: OfferMatch, at: datetime) -> Events:
    said = with_further(command.round, command.mentor, command.reason)
    if state.mentor == command.mentor:
        return nothing_new(state, "offer", *said, otherwise=is_the_mentor(command.mentor))
    require_stage(state, "matching", "sessions")
    if not kit.matching.asks:
        raise Rejected(Code.OFFER_NOT_POSSIBLE, "this program asks nobody before a match; use approve_match")
    if state.offer:
        there = f"{state.offer.mentor!r} is proposed and has not been answered; it lapses on "
        there += f"{state.offer.expires_at:%d %B %Y}, or is declined by answer_offer before another is proposed"
        return nothing_new(state, "offer", *said, otherwise=there)
    return [
        MatchOffered(
            at=at,
            mentor=command.mentor,
            asks=kit.matching.asks,
            expires_at=at + kit.service_levels.offer,
            reason=command.reason,
            round=command.round,
        )
    ]


def _answer(kit: Kit, state: JourneyState, command: AnswerOffer, at: datetime) -> Events:
    who = _speaks_for(command)
    said = (f"answer:{who}", *with_further(command.code, command.answer, command.reason))
    if state.offer is None:
        return nothing_new(state, *said, otherwise="no match is offered", code=Code.NO_OFFER)
    if who not in state.offer.pending:
        return nothing_new(
            state, *said, otherwise=f"the {who} is not asked, or has accepted already", code=Code.NOT_ASKED
        )
    mentor = state.offer.mentor
    if command.code and command.answer != "decline":
        raise Rejected(Code.FIELDS_CONFLICT, "`code` goes with `decline`; leave it out", {"fields": ("answer", "code")})
    match command.answer:
        case "accept":
            accepted = OfferAccepted(at=at, mentor=mentor, who=who, reason=command.reason)
            others = [one for one in state.offer.pending if one != who]
            return [accepted] if others else [accepted, *matched(kit, state, mentor, "", at)]
        case "decline":
            _require_why(kit, command)
            return [_decline(kit, mentor, who, command, at)]
        case "more_information":
            require_reason(command.reason, "say what should be known")
            return [OfferQuestioned(at=at, mentor=mentor, who=who, question=command.reason)]
        case _:
            assert_never(command.answer)


def _decline(kit: Kit, mentor: MentorId, who: Role, command: AnswerOffer, at: datetime) -> OfferDeclined:
    rests = kit.matching.declines[command.code].rests if command.code and who == "mentor" else None
    return OfferDeclined(
        at=at,
        mentor=mentor,
        who=who,
        reason=command.reason,
        code=command.code,
        rests_until=at + rests if rests else None,
    )


def _require_why(kit: Kit, command: AnswerOffer) -> None:
    """One of the kit's reasons where it names some; otherwise words."""
    codes = tuple(kit.matching.declines)
    if command.code is None and not codes:
        require_reason(command.reason, "say why, so that the next offer fits better")
    elif command.code is None:
        raise Rejected(
            Code.REASON_REQUIRED,
            f"say why in `code`, so that the next offer fits better: {either(codes)}",
            {"codes": codes},
        )
    elif command.code not in codes:
        names = f"it names {either(codes)}" if codes else "it names none; say why in `reason`"
        raise Rejected(
            Code.UNKNOWN_DECLINE, f"the kit has no reason {command.code!r} for declining; {names}", {"codes": codes}
        )


def _withdraw(state: JourneyState, command: WithdrawOffer, at: datetime) -> Events:
    offer = state.offer
    if offer is None or (command.round and offer.round != command.round):
        there = f"round {command.round} has no open offer here" if command.round else "no match is offered"
        said = with_further(command.round, command.reason)
        return nothing_new(state, "withdrawal", *said, otherwise=there, code=Code.NO_OFFER)
    if offer.accepted:
        raise Rejected(
            Code.OFFER_ACCEPTED,
            f"{together(by_role(one) for one in offer.accepted)} said yes to {offer.mentor!r}; whoever has not "
            "answered can still decline, with answer_offer",
            {"accepted": offer.accepted},
        )
    return [OfferWithdrawn(at=at, mentor=offer.mentor, asked=offer.pending, reason=command.reason, round=command.round)]


_ASKED: tuple[Role, ...] = ("mentor", "learner")


def require_asked(_: Kit, state: JourneyState, command: AnswerOffer, __: datetime) -> None:
    """Raises Rejected for a mentor or learner who answers in the name of another."""
    role, ___, name = command.by.partition(":")
    proposed = state.offer.mentor if state.offer else state.mentor
    asked = {"mentor": proposed, "learner": state.learner}.get(role)
    if asked and name not in ("", asked):
        raise Rejected(Code.NOT_ASKED, f"{name!r} is not the {role} who is asked; ops can answer for them with `who`")


def _speaks_for(command: AnswerOffer) -> Role:
    """Mentors and learners for themselves; ops for the one they name."""
    speaker: Role | None = next((one for one in _ASKED if command.by.startswith(one)), None)
    if speaker and command.who not in (None, speaker):
        raise Rejected(Code.NOT_ASKED, f"a {speaker} answers for themselves, not for the {command.who}")
    if who := speaker or command.who:
        return who
    raise Rejected(Code.FIELDS_CONFLICT, "say in `who` whose answer this is: mentor or learner", {"fields": ("who",)})


# The state


def evolve(state: JourneyState, event: OfferEvent) -> JourneyState:
    match event:
        case MatchOffered():
            return _match_offered(state, event)
        case OfferAccepted():
            return _offer_accepted(state, event)
        case OfferDeclined() | OfferQuestioned():
            state = changed(state, offer=None, asked=None)
            return seen(state, event.at) if event.who == "learner" else state
        case OfferExpired():
            return changed(state, offer=None)
        case OfferWithdrawn():
            return changed(state, offer=None, asked=None)
        case _:
            assert_never(event)


def _match_offered(state: JourneyState, event: MatchOffered) -> JourneyState:
    turn = state.offers_made + 1
    offer = Offer(
        mentor=event.mentor,
        pending=event.asks,
        turn=turn,
        since=event.at,
        expires_at=event.expires_at,
        round=event.round,
    )
    return changed(state, offer=offer, offers_made=turn, asked=event.mentor)


def _offer_accepted(state: JourneyState, event: OfferAccepted) -> JourneyState:
    assert state.offer, "only what is offered is accepted"
    pending = tuple(one for one in state.offer.pending if one != event.who)
    accepted = (*state.offer.accepted, event.who)
    state = changed(state, offer=changed(state.offer, pending=pending, accepted=accepted))
    return seen(state, event.at) if event.who == "learner" else state


# What is awaited


def duties(offer: Offer) -> Iterator[Awaited]:
    for who in offer.pending:
        yield Awaited(
            duty="offer",
            about=f"offer:{who}#{offer.turn}",
            who=who,
            since=offer.since,
            due_at=offer.expires_at,
            rule="service_levels.offer",
        )


def timers(kit: Kit, offer: Offer) -> Iterator[Timer]:
    """An offer is late once, however many people have not answered."""
    about, who = f"offer#{offer.turn}", offer.pending[0]
    for rule, by in kit.rules_of_overdue.get("offer", ()):
        yield Timer(
            at=offer.expires_at + by,
            rule=rule.place,
            label=f"escalate: {rule.title} ({duty_in_words(None, 'offer', offer)} overdue)",
            then=Escalate(escalation=rule.id, about=about),
            stopped_by=who,
            once=fired_key(rule.id, about),
        )
    yield Timer(offer.expires_at, "service_levels.offer", "the offer expires", ExpireOffer(), who)
