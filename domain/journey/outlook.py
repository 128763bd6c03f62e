"""Whom a journey waits for, told from the state alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from domain.journey.state import (
    ActionItemStanding,
    Case,
    CheckInWait,
    JourneyState,
    MilestoneStanding,
    Offer,
    RemedyOffer,
    SessionStanding,
    StageDuty,
    StageWait,
    is_support,
)
from domain.kit import Duty, Kit, Pathway, Role, Severity
from domain.kit.words import GRAVITY

Subject = (
    StageWait | Offer | SessionStanding | ActionItemStanding | CheckInWait | MilestoneStanding | RemedyOffer | Case
)
"""What a duty is about."""


@dataclass(slots=True, unsafe_hash=True)
class Awaited:
    """Something that somebody is to do. Late after `due_at`, by the rule that says so.

    Never changed once made; not frozen, for it is made by the hundred in every step, and that costs twice the time.
    """

    duty: Duty
    about: str
    """Names this duty and no other of the journey: `milestone:cv#2` is the second attempt at the milestone `cv`."""
    who: Role
    since: datetime
    due_at: datetime
    rule: str


def attention(state: JourneyState) -> Severity | None:
    """The gravest of the open cases; None when there are none."""
    return max((case.severity for case in state.cases), key=GRAVITY.__getitem__, default=None)


def awaited(state: JourneyState) -> tuple[Awaited, ...]:
    """Everything that somebody is awaited to do, the earliest due first. A paused journey awaits nobody. What is the
    mentor's is awaited of ops while there is none."""
    return by_due_date(duties(state))


def awaits(state: JourneyState, duty: StageDuty) -> bool:
    """Whether the stage waits for this."""
    return state.wait is not None and state.wait.duty == duty


_DATE_AND_NAME = attrgetter("due_at", "about")


def by_due_date(waits: Iterable[tuple[Awaited, Subject]]) -> tuple[Awaited, ...]:
    return tuple(sorted((wait for wait, _ in waits), key=_DATE_AND_NAME))


def pathway_of(kit: Kit, state: JourneyState) -> Pathway | None:
    return kit.pathway(state.pathway) if state.pathway else None


def duties(state: JourneyState) -> list[tuple[Awaited, Subject]]:
    """What is awaited, each with what it is about, in no order."""
    return [] if state.closing or state.pause else list(_duties(state))


def _duties(state: JourneyState) -> Iterator[tuple[Awaited, Subject]]:
    if state.wait:
        yield _stage(state.wait), state.wait
    if state.offer:
        for who in state.offer.pending:
            yield _offer(state.offer, who), state.offer
    mentor: Role = "mentor" if state.mentor else "ops"
    for session in state.sessions:
        if not session.attendance or session.notes_due_at or session.follow_up_due_at:
            yield from _session(state.pathway, session, mentor)
    for item in state.action_items:
        yield _action_item(item, mentor), item
    if state.check_in and state.stage == "sessions" and state.mentor:
        yield _check_in(state), state.check_in
    for milestone in state.milestones:
        if milestone.status == "open":
            yield _work(state, milestone), milestone
        elif milestone.status == "submitted":
            yield _review(milestone, mentor), milestone
    if state.remedies:
        yield _remedies(state.remedies), state.remedies
    for case in state.cases:
        yield _case(case), case


def _stage(wait: StageWait) -> Awaited:
    return Awaited(
        duty=wait.duty,
        about=f"{wait.duty}#{wait.turn}",
        who="learner" if wait.duty == "intake" else "ops",
        since=wait.since,
        due_at=wait.due_at,
        rule=_stage_rule(wait.duty),
    )


def _stage_rule(duty: StageDuty) -> str:
    return "intake.within" if duty == "intake" else f"service_levels.{duty}"


def _offer(offer: Offer, who: Role) -> Awaited:
    return Awaited(
        duty="offer",
        about=f"offer:{who}#{offer.turn}",
        who=who,
        since=offer.since,
        due_at=offer.expires_at,
        rule="service_levels.offer",
    )


def _session(pathway: str | None, one: SessionStanding, mentor: Role) -> Iterator[tuple[Awaited, Subject]]:
    turn = f"{one.session}#{one.turn}"
    if not one.attendance:
        by = one.attendance_due_at
        yield Awaited("attendance", f"session:{turn}", mentor, one.planned_at, by, "service_levels.attendance"), one
        if due := one.preparation_due_at:
            rule = f"pathways.{pathway}.sessions.{one.session}.preparation"
            yield Awaited("preparation", f"preparation:{turn}", "learner", one.planned_at, due, rule), one
    elif since := one.owed_since:
        if due := one.notes_due_at:
            yield Awaited("notes", f"notes:{turn}", mentor, since, due, "service_levels.notes"), one
        if due := one.follow_up_due_at:
            yield Awaited("follow_up", f"follow_up:{turn}", mentor, since, due, "service_levels.follow_up"), one


def _action_item(item: ActionItemStanding, mentor: Role) -> Awaited:
    return Awaited(
        duty="action_item",
        about=f"item:{item.item}",
        who=mentor if item.owner == "mentor" else item.owner,
        since=item.since,
        due_at=item.due_at,
        rule="service_levels.follow_up",
    )


def _check_in(state: JourneyState) -> Awaited:
    assert state.check_in
    watched = state.watched_until is not None and state.check_in.since < state.watched_until
    usual = "monitoring.first_within" if state.check_in.turn == 1 else "monitoring.check_in_every"
    return Awaited(
        duty="check_in",
        about=f"check-in#{state.check_in.turn}",
        who="mentor",
        since=state.check_in.since,
        due_at=state.check_in.due_at,
        rule="monitoring.after_rematch" if watched else usual,
    )


def _work(state: JourneyState, one: MilestoneStanding) -> Awaited:
    return Awaited(
        duty="milestone",
        about=f"milestone:{one.milestone}#{one.attempt}",
        who="learner",
        since=one.since,
        due_at=one.due_at,
        rule=f"pathways.{state.pathway}.milestones.{one.milestone}.due",
    )


def _review(one: MilestoneStanding, mentor: Role) -> Awaited:
    assert one.review_due_at, "work is reviewed after it was handed in"
    return Awaited(
        duty="milestone_review",
        about=f"review:{one.milestone}#{one.attempt}",
        who=mentor,
        since=one.since,
        due_at=one.review_due_at,
        rule="service_levels.milestone_review",
    )


def _remedies(offer: RemedyOffer) -> Awaited:
    return Awaited(
        duty="remedy",
        about=f"remedy:{offer.rule}|{offer.about}" + (f"/{offer.step}" if offer.step else ""),
        who="learner",
        since=offer.since,
        due_at=offer.expires_at,
        rule=f"{rung_of(offer.rule, offer.step)}.stands_for",
    )


def _case(one: Case) -> Awaited:
    return Awaited(
        duty="case",
        about=f"case:{one.case}" if one.turn == 1 else f"case:{one.case}#{one.turn}",
        who=one.owner,
        since=one.since,
        due_at=one.respond_by,
        rule=f"{rung_of(one.rule, one.step)}.{'stands_for' if is_support(one.about) else 'respond_within'}",
    )


def rung_of(rule: str, step: int) -> str:
    """The place in the kit of what a rung of a rule's ladder does."""
    return f"escalations.{rule}.later.{step - 1}.then" if step else f"escalations.{rule}.then"
