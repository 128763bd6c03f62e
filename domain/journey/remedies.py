"""Remedies for a learner in trouble: which can be offered, what a choice brings about, when an offer is withdrawn."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from pydantic import AwareDatetime

from domain.journey.bases import (
    ActorEvent,
    Events,
    NamedCommand,
    Repeatable,
    TimerCommand,
)
from domain.journey.cases import CaseOpened, case_id
from domain.journey.duty import Awaited, effective_owner, place_of_step
from domain.journey.ending import WrapUpStarted
from domain.journey.escalations import fired, without_ladder
from domain.journey.matching import released
from domain.journey.parts import changed
from domain.journey.pathway import started_again
from domain.journey.pausing import paused
from domain.journey.refusing import Code, require_stage
from domain.journey.repeating import digest, nothing_new
from domain.journey.state import JourneyState, RemedyOffer, support
from domain.journey.steps import on_the_clock
from domain.journey.timer import Timer
from domain.kit import Duty, Kit, Remedy
from domain.refusal import Rejected
from domain.values import Event, Instant, Personal


class RemediesOffered(Event):
    """The learner is offered remedies, and chooses one until `expires_at`."""

    type: ClassVar[str] = "journey.remedies_offered"
    rule: str
    about: str
    step: int = 0
    options: tuple[Remedy, ...]
    expires_at: AwareDatetime


class RemedyChosen(ActorEvent, Repeatable):
    """A remedy was chosen, or none of them (None). What it brings about follows in the next events."""

    type: ClassVar[str] = "journey.remedy_chosen"
    schema_version: ClassVar[int] = 2
    remedy: Remedy | None
    reason: Personal = ""
    until: AwareDatetime | None = None
    """The end that was asked for, of a pause."""

    def key_and_digest(self) -> tuple[str, str]:
        return "remedy", digest(self.remedy, self.until, self.reason)


class RemediesExpired(Event):
    """Nobody chose in time."""

    type: ClassVar[str] = "journey.remedies_expired"


class RemediesWithdrawn(Event):
    """What was offered can no longer be chosen: its reason is gone, something else is offered, or the wrap-up began."""

    type: ClassVar[str] = "journey.remedies_withdrawn"
    rule: str
    about: str
    reason: Literal["dealt_with", "another_offer", "wrap_up"]


RemedyEvent = RemediesOffered | RemedyChosen | RemediesExpired | RemediesWithdrawn


class ChooseRemedy(NamedCommand):
    """Choose one of the remedies that are offered, or none of them."""

    name: ClassVar[str] = "choose_remedy"
    remedy: Remedy | None
    until: Instant | None = None
    """With `pause`: until when at most. None: for as long as the kit allows."""
    reason: Personal = ""


class ExpireRemedies(TimerCommand):
    name: ClassVar[str] = "expire_remedies"

    def in_words(self) -> str:
        return "the offered remedies expire"


RemedyCommand = ChooseRemedy | ExpireRemedies


# Rules


def decide(kit: Kit, state: JourneyState, command: RemedyCommand, at: datetime) -> Events:
    match command:
        case ChooseRemedy():
            return _choose(kit, state, command, at)
        case ExpireRemedies():
            return [RemediesExpired(at=at)]
        case _:
            assert_never(command)


def can_be_taken(remedy: Remedy, state: JourneyState) -> bool:
    match remedy:
        case "extra_support" | "pause":
            return True
        case "other_mentor":
            return state.stage == "sessions" and state.mentor is not None
        case "reset":
            return state.stage == "sessions"
        case _:
            assert_never(remedy)


def _choose(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> Events:
    if state.remedies is None:
        said = (command.remedy, command.until, command.reason)
        return nothing_new(state, "remedy", *said, otherwise="no remedies are offered", code=Code.NOTHING_OFFERED)
    if command.remedy and command.remedy not in state.remedies.options:
        raise Rejected(
            Code.UNKNOWN_REMEDY,
            f"{command.remedy!r} is not offered; there are: {', '.join(state.remedies.options)}",
            {"remedies": state.remedies.options},
        )
    if command.until and command.remedy != "pause":
        raise Rejected(
            Code.FIELDS_CONFLICT,
            "`until` says how long a pause lasts; leave it out, or choose pause",
            {"fields": ("until", "remedy")},
        )
    chosen = RemedyChosen(at=at, remedy=command.remedy, reason=command.reason, until=command.until)
    return [chosen, *_followed(kit, state, command, at)]


def _followed(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> Events:
    """What a choice brings about at once."""
    reason = command.reason
    match command.remedy:
        case None:
            return []
        case "extra_support":
            assert state.remedies
            return [_support(state, at)]
        case "other_mentor":
            require_stage(state, "sessions")
            return [released(kit, state, reason or "the learner chose another mentor", at)] if state.mentor else []
        case "pause":
            return [paused(kit, state, reason or "the learner chose to pause", command.until, at)]
        case "reset":
            require_stage(state, "sessions")
            return [started_again(kit, state, reason or "the learner chose to start again", at)]
        case _:
            assert_never(command.remedy)


def withdraw(kit: Kit, state: JourneyState, happened: Events, awaited: Callable[[], Collection[str]]) -> Events:
    """Ends an offer whose reason is gone. The wrap-up ends every one: not all that it holds can still be taken.

    `awaited` tells the names of what is awaited.
    """
    offer, at = state.remedies, happened[0].at
    if offer is None or state.pause:
        return []
    if any(isinstance(one, WrapUpStarted) for one in happened):
        return [withdrawn(offer, "wrap_up", at)]
    return [withdrawn(offer, "dealt_with", at)] if _is_dealt_with(kit, state, offer, awaited) else []


def _is_dealt_with(kit: Kit, state: JourneyState, offer: RemedyOffer, awaited: Callable[[], Collection[str]]) -> bool:
    """Whether a person has said so, or what the rule fired for is no longer so. What has lapsed stays lapsed."""
    if not any((one.rule, one.about) == (offer.rule, offer.about) for one in state.ladders):
        return True
    rule = kit.find_escalation(offer.rule)
    if rule is None or rule.when.duty in _LAPSING:
        return False
    return not rule.when.still_holds(state, offer.about, awaited())


_LAPSING: tuple[Duty, ...] = ("offer", "remedy")


def withdrawn(
    offer: RemedyOffer, reason: Literal["dealt_with", "another_offer", "wrap_up"], at: datetime
) -> RemediesWithdrawn:
    return RemediesWithdrawn(at=at, rule=offer.rule, about=offer.about, reason=reason)


def _support(state: JourneyState, at: datetime) -> CaseOpened:
    """A case for the mentor, or where there is none for ops; answered within the time in which the offer stood."""
    offer = state.remedies
    assert offer
    return CaseOpened(
        at=at,
        case=case_id(state.cases_opened + 1),
        rule=offer.rule,
        about=support(offer.about),
        step=offer.step,
        severity="warning",
        owner=effective_owner("mentor", state),
        respond_by=at + (offer.expires_at - offer.since),
    )


# The state


def evolve(state: JourneyState, event: RemedyEvent) -> JourneyState:
    match event:
        case RemediesOffered():
            return _remedies_offered(state, event)
        case RemedyChosen():
            return changed(without_ladder(state, state.remedies), remedies=None)
        case RemediesExpired() | RemediesWithdrawn():
            return changed(state, remedies=None)
        case _:
            assert_never(event)


def _remedies_offered(state: JourneyState, event: RemediesOffered) -> JourneyState:
    remedies = RemedyOffer(
        rule=event.rule,
        about=event.about,
        step=event.step,
        options=event.options,
        since=on_the_clock(state, event.at, event.at),
        expires_at=on_the_clock(state, event.at, event.expires_at),
    )
    return fired(changed(state, remedies=remedies), event.rule, event.about, event.step, event.at)


# What is awaited


def duties(offer: RemedyOffer) -> Iterator[Awaited]:
    yield Awaited(
        duty="remedy",
        about=f"remedy:{offer.rule}|{offer.about}" + (f"/{offer.step}" if offer.step else ""),
        who="learner",
        since=offer.since,
        due_at=offer.expires_at,
        rule=_stands_for(offer),
    )


def _stands_for(offer: RemedyOffer) -> str:
    return f"{place_of_step(offer.rule, offer.step)}.stands_for"


def timers(offer: RemedyOffer) -> Iterator[Timer]:
    label = "the offered remedies expire"
    yield Timer(offer.expires_at, _stands_for(offer), label, ExpireRemedies(), "learner", is_last=True)
