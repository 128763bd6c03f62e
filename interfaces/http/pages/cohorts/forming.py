"""Forming groups: whom it would place, and how, before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from domain.ids import SLUG, PathwayId
from domain.matching.forming import Plan, Proposal
from domain.values import Frozen, Instant, counted, together
from interfaces.http.pages.fields import Form, Option, form_of

_MOST = 30


class Forming(Frozen):
    """Form groups of the learners who are in none, by need, pace, and common hours."""

    pathway: Annotated[PathwayId, SLUG] | None = None
    not_before: Instant | None = None


@dataclass(frozen=True, slots=True)
class FormingPage:
    program: str
    form: Form


def forming_form(program: str, pathways: Sequence[tuple[str, str]]) -> Form:
    return form_of(
        Forming,
        f"/programs/{program}/groups",
        title="Form groups",
        says="Of the learners who are in none. You see the groups before they are formed.",
        button="Show the groups",
        choices={"pathway": [Option(value, label) for value, label in pathways]},
        labels={"pathway": "On this pathway only", "not_before": "No session before"},
    )


def proposed(planned: Plan, names: Mapping[str, str]) -> list[str]:
    """A line for each group, and who could not be placed."""
    if not planned.proposals:
        said = ["No group can be formed now."]
    else:
        said = [_line(one, names) for one in planned.proposals[:_MOST]]
    if len(planned.proposals) > _MOST:
        said.append(f"And {counted(len(planned.proposals) - _MOST, 'more group')}.")
    left = [f"{names.get(one.learner, one.learner)}: {one.words}" for one in planned.unplaced[:_MOST]]
    if left:
        said.append(f"{counted(len(planned.unplaced), 'learner')} cannot be placed. {'; '.join(left)}")
    return said


def _line(one: Proposal, names: Mapping[str, str]) -> str:
    group = one.group
    members = together(names.get(learner, learner) for learner, _ in group.members)
    mentors = together(names.get(mentor, mentor) for mentor in group.mentors)
    slot = f", {group.slot}" if group.slot else ""
    return f"A group of {len(group.members)} on {one.pathway} with {mentors}{slot}: {members}."
