"""Ways on for a learner in trouble: which can be offered, what a choice brings about, when an offer is withdrawn."""

from datetime import datetime
from typing import Literal, assert_never

from domain.journey import events as e
from domain.journey.commands import ChooseRemedy
from domain.journey.deciding.cases import case_id, there
from domain.journey.deciding.closing import paused
from domain.journey.deciding.matching import released
from domain.journey.deciding.planning import started_again
from domain.journey.deciding.refusing import Rejected, only_in
from domain.journey.deciding.repeating import nothing_new
from domain.journey.outlook import duties
from domain.journey.state import JourneyState, RemedyOffer, support
from domain.kit import Duty, Kit, Remedy


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


def choose(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> e.Events:
    if state.remedies is None:
        said = (command.remedy, command.until, command.reason)
        return nothing_new(state, "remedy", *said, otherwise="nothing is offered to choose from")
    if command.remedy and command.remedy not in state.remedies.options:
        raise Rejected(f"{command.remedy!r} is not offered; there are: {', '.join(state.remedies.options)}")
    if command.until and command.remedy != "pause":
        raise Rejected("`until` says how long a pause lasts; leave it out, or choose pause")
    chosen = e.RemedyChosen(at=at, remedy=command.remedy, reason=command.reason, until=command.until)
    return [chosen, *_followed(kit, state, command, at)]


def _followed(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> e.Events:
    """What a choice brings about at once."""
    reason = command.reason
    match command.remedy:
        case None:
            return []
        case "extra_support":
            assert state.remedies
            return [_support(state, at)]
        case "other_mentor":
            only_in(state, "sessions")
            return [released(kit, state, reason or "the learner chose another mentor", at)] if state.mentor else []
        case "pause":
            return [paused(kit, state, reason or "the learner chose to pause", command.until, at)]
        case "reset":
            only_in(state, "sessions")
            return [started_again(kit, state, reason or "the learner chose to start again", at)]
        case _:
            assert_never(command.remedy)


def withdraw(kit: Kit, _: JourneyState, state: JourneyState, happened: e.Events) -> e.Events:
    """Ends an offer whose reason is gone. The wrap-up ends every one: not all that it holds can still be taken."""
    offer, at = state.remedies, happened[0].at
    if offer is None or state.pause:
        return []
    if any(isinstance(one, e.WrapUpStarted) for one in happened):
        return [withdrawn(offer, "wrap_up", at)]
    return [withdrawn(offer, "dealt_with", at)] if _is_dealt_with(kit, state, offer) else []


def _is_dealt_with(kit: Kit, state: JourneyState, offer: RemedyOffer) -> bool:
    """Whether a person has said so, or what the rule fired for is no longer so. What lapsed, lapsed for good."""
    if not any((one.rule, one.about) == (offer.rule, offer.about) for one in state.ladders):
        return True
    rule = kit.find_escalation(offer.rule)
    if rule is None or rule.when.duty in _LAPSING:
        return False
    return not rule.when.still_holds(state, offer.about, frozenset(wait.about for wait, _ in duties(state)))


_LAPSING: tuple[Duty, ...] = ("offer", "remedy")


def withdrawn(
    offer: RemedyOffer, reason: Literal["dealt_with", "another_offer", "wrap_up"], at: datetime
) -> e.RemediesWithdrawn:
    return e.RemediesWithdrawn(at=at, rule=offer.rule, about=offer.about, reason=reason)


def _support(state: JourneyState, at: datetime) -> e.CaseOpened:
    """A case for the mentor, or where there is none for ops; answered within the time in which the offer stood."""
    offer = state.remedies
    assert offer
    return e.CaseOpened(
        at=at,
        case=case_id(state.cases_opened + 1),
        rule=offer.rule,
        about=support(offer.about),
        step=offer.step,
        severity="warning",
        owner=there("mentor", state),
        respond_by=at + (offer.expires_at - offer.since),
    )
