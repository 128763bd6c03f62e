"""What can be recorded about a mentor: leave, training, checks, programs, and the fields of their profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.ids import MentorId, ProgramId, Slug
from domain.values import Day, Frozen, Whole
from interfaces.http.pages.fields import Form, Option, form_of
from interfaces.http.v1.mentors import NewMentor


class LeaveDays(Frozen):
    """Plan a time in which they meet nobody, on their own clocks."""

    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("the last day is before the first one")
        return self


class Step(Frozen):
    """Record that a step of the training is done."""

    program: Slug
    step: str


class Checked(Frozen):
    """Record a check, such as `background`. Recording it again with another day renews it."""

    check: Slug
    valid_until: Day | None = None
    """Leave it empty if the check does not expire."""


class Program(Frozen):
    program: Slug


class Places(Frozen):
    """In all programs together. Empty: as many as each kit allows."""

    places: Annotated[Whole, Field(ge=0, le=10_000)] | None = None
    minutes_a_week: Annotated[Whole, Field(ge=0, le=10_080)] | None = None


def leave_form(mentor: MentorId) -> Form:
    return form_of(LeaveDays, f"/mentors/{mentor}/leave", title="Plan leave")


def cancel_form(mentor: MentorId, days: Mapping[str, str] | None = None) -> Form:
    """`days`: those that are canceled; None: as they are typed."""
    says = "What lies before and after these days stays."
    return form_of(
        LeaveDays, f"/mentors/{mentor}/leave/cancel", title="Cancel leave", says=says, button="Cancel", fixed=days
    )


def step_form(mentor: MentorId, fixed: Mapping[str, str] | None = None) -> Form:
    return form_of(Step, f"/mentors/{mentor}/training", title="Record a step of training", button="Done", fixed=fixed)


def check_form(mentor: MentorId) -> Form:
    return form_of(Checked, f"/mentors/{mentor}/checks", title="Record a check")


def places_form(mentor: MentorId, given: Mapping[str, str]) -> Form:
    return form_of(
        Places,
        f"/mentors/{mentor}/places",
        title="Places and minutes",
        button="Save",
        given=given,
        labels={"places": "Most learners at a time", "minutes_a_week": "Most minutes a week"},
    )


def join_form(mentor: MentorId, programs: Sequence[ProgramId]) -> Form:
    says = "From then on, learners of programs that they joined alone are matched with them."
    return form_of(
        Program,
        f"/mentors/{mentor}/join",
        title="Join a program",
        says=says,
        choices={"program": [Option(one, one) for one in programs]},
    )


def leave_program_form(mentor: MentorId, programs: Sequence[ProgramId]) -> Form:
    says = "No further learners of it are matched with them. Those whom they have stay with them."
    return form_of(
        Program,
        f"/mentors/{mentor}/leave-program",
        title="Leave a program",
        says=says,
        choices={"program": [Option(one, one) for one in programs]},
    )


_ASKED = ("id", "name", "email", "mentor_type", "places")


def add_form(program: ProgramId, kinds: Sequence[str]) -> Form:
    """`kinds`: those that the pathways of the kit ask for."""
    form = form_of(
        NewMentor,
        f"/programs/{program}/mentors",
        title="Add a mentor",
        says="Once any mentor is known, only known mentors can be matched.",
        without=[name for name in NewMentor.model_fields if name not in _ASKED],
        choices={"mentor_type": [Option(one, one) for one in kinds]},
        labels={"id": "Id", "mentor_type": "Kind", "places": "Most learners at a time"},
    )
    return replace(form, fields=sorted(form.fields, key=lambda one: _ASKED.index(one.name)))
