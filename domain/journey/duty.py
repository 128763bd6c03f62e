"""What somebody is awaited to do, and how it is called."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, assert_never

from domain.ids import PathwayId
from domain.journey.state import (
    ActionItemStanding,
    Case,
    CheckInWait,
    JourneyState,
    MilestoneStanding,
    Offer,
    RemedyOffer,
    SessionStanding,
    StageWait,
)
from domain.journey.terms import Stage
from domain.kit import Duty, Kit, Pathway, Role

Subject = (
    StageWait | Offer | SessionStanding | ActionItemStanding | CheckInWait | MilestoneStanding | RemedyOffer | Case
)
"""What a duty is about."""


@dataclass(unsafe_hash=True, slots=True)
class Awaited:
    """Something that somebody is to do. Late after `due_at`, by the rule that says so.

    Never changed once it is made. Not frozen, as making a frozen one takes twice the time.
    """

    duty: Duty
    about: str
    """Names this duty and no other of the journey: `milestone:cv#2` is the second attempt at the milestone `cv`."""
    who: Role
    since: datetime
    due_at: datetime
    rule: str


class Context(NamedTuple):
    """What the duties of one part of the state depend on beside the part itself."""

    stage: Stage
    pathway: PathwayId | None
    mentor: Role
    """Who has the duties of the mentor: ops, while there is none."""
    has_dates: bool
    """Whether the pathway has begun."""
    watched_until: datetime | None


def context_of(state: JourneyState) -> Context:
    """It is kept with the state."""
    kept: Context | None = getattr(state, "context", None)
    if kept is None:
        mentor = effective_owner("mentor", state)
        kept = Context(state.stage, state.pathway, mentor, state.ends_at is not None, state.watched_until)
        object.__setattr__(state, "context", kept)
    return kept


def effective_owner(who: Role, state: JourneyState) -> Role:
    """What is for the mentor is for ops while there is none."""
    return "ops" if who == "mentor" and state.mentor is None else who


def pathway_of(kit: Kit, state: JourneyState) -> Pathway | None:
    return kit.pathway(state.pathway) if state.pathway else None


def chosen_pathway(kit: Kit, state: JourneyState) -> Pathway:
    pathway = pathway_of(kit, state)
    assert pathway, "a journey is matched only after its pathway was chosen from this kit"
    return pathway


def place_of_step(rule: str, step: int) -> str:
    """The place in the kit of what a step of a rule's ladder does."""
    return f"escalations.{rule}.later.{step - 1}.then" if step else f"escalations.{rule}.then"


def duty_in_words(pathway: Pathway | None, duty: Duty, subject: Subject) -> str:
    """What is awaited, under the titles that the kit gives."""
    match subject:
        case SessionStanding():
            return f"{duty.replace('_', '-')} of {session_in_words(pathway, subject)}"
        case MilestoneStanding():
            return f"{'review of ' if subject.status == 'submitted' else ''}{milestone_in_words(pathway, subject)}"
        case StageWait():
            return subject.duty.replace("_", " ")
        case Offer():
            return "answer to the offered match"
        case ActionItemStanding():
            return f"next step {subject.item}"
        case CheckInWait():
            return "check-in"
        case RemedyOffer():
            return "choice of a remedy"
        case Case():
            return subject.case.replace("-", " ")
        case _:
            assert_never(subject)


def session_in_words(pathway: Pathway | None, one: SessionStanding) -> str:
    return f"session {pathway.title_of_session(one.session) if pathway else one.session}"


def milestone_in_words(pathway: Pathway | None, one: MilestoneStanding) -> str:
    title = pathway.title_of_milestone(one.milestone) if pathway else one.milestone
    return f"milestone {title}" + (f", attempt {one.attempt}" if one.attempt > 1 else "")
