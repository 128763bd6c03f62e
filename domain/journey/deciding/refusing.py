"""Refusals, and the questions that lead to them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from domain.journey.state import JourneyState, MilestoneStanding, SessionStanding, Stage
from domain.refusal import Rejected as Rejected  # noqa: PLC0414 - for the modules beside this one

T = TypeVar("T")
_YEAR = timedelta(days=366)


class SaysSomethingElse(Rejected):
    """The fact is there already, and the command says something else about it."""


def words(code: str) -> str:
    return code.replace("_", " ")


def by_role(role: str) -> str:
    """`the mentor`, `the learner`; and `ops`, who are several."""
    return "ops" if role == "ops" else f"the {role}"


def only_in(state: JourneyState, *stages: Stage) -> None:
    if state.stage not in stages:
        wanted = " or ".join(stage.replace("_", "-") for stage in stages)
        raise Rejected(f"this belongs to the stage {wanted}; the journey is in {state.stage.replace('_', '-')}")


def wants_reason(reason: str, remedy: str) -> None:
    if not reason.strip():
        raise Rejected(f"a reason is missing; {remedy}")


def within_a_year(date: datetime, at: datetime, what: str) -> None:
    """Refuses what is past, and what is so far away that no clock of a journey gets there."""
    if date <= at:
        raise Rejected(f"{what} that is past; give a later one")
    if date > at + _YEAR:
        raise Rejected(f"{what} more than a year away; give an earlier one")


def session_of(state: JourneyState, session: str) -> SessionStanding:
    return known(state.sessions, lambda one: one.session, session, "session")


def milestone_of(state: JourneyState, milestone: str) -> MilestoneStanding:
    return known(state.milestones, lambda one: one.milestone, milestone, "milestone")


def known(those: Sequence[T], id_of: Callable[[T], str], wanted: str, what: str) -> T:
    for one in those:
        if id_of(one) == wanted:
            return one
    there_are = ", ".join(id_of(one) for one in those) or "none"
    raise Rejected(f"{wanted!r} is not a {what} of this journey; it has: {there_are}")
