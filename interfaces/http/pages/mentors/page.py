"""A mentor with the forms for what can be recorded about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import ProgramId
from interfaces.http.pages.fields import Form
from interfaces.http.pages.mentors import forms
from interfaces.http.pages.mentors.one import MentorPage
from queries.mentors import Mentor


@dataclass(frozen=True, slots=True)
class NoProgram:
    """There is no program yet whose mentors could be shown."""


@dataclass(frozen=True, slots=True)
class Adding:
    program: str
    form: Form


@dataclass(frozen=True, slots=True)
class MentorWithForms:
    one: MentorPage
    leave: Form
    cancel: Sequence[Form | None]
    """For each leave; none for one that is over or not of whole days."""
    steps: Sequence[Sequence[Form | None]]
    """For each program, each step of its training; none for one that is done."""
    records: Sequence[Form]
    """Checks, places and programs; none for a mentor themselves."""
    refused: Form | None
    """The form that was sent and refused."""

    @classmethod
    def of(
        cls, page: MentorPage, found: Mentor, programs: Sequence[ProgramId], refused: Form | None
    ) -> "MentorWithForms":
        """`programs`: those that the reader may use."""
        who = found.mentor
        leave = [
            forms.cancel_form(who, {"first_day": one.first_day, "last_day": one.last_day})
            if one.first_day and not one.over
            else None
            for one in page.leave
        ]
        steps = [
            [
                None if step.done else forms.step_form(who, {"program": one.program, "step": step.step})
                for step in one.training
            ]
            for one in page.programs
        ]
        records = _records(found, programs) if page.manages else ()
        return cls(page, forms.leave_form(who), leave, steps, records, refused)


def _records(found: Mentor, programs: Sequence[ProgramId]) -> Sequence[Form]:
    profile, theirs = found.profile, found.programs or ()
    given = {
        name: f"{value}"
        for name, value in (("places", profile.places), ("minutes_a_week", profile.minutes_a_week))
        if value is not None
    }
    made = [forms.check_form(found.mentor), forms.places_form(found.mentor, given)]
    if others := [one for one in programs if one not in theirs]:
        made.append(forms.join_form(found.mentor, others))
    if own := [one for one in programs if one in theirs]:
        made.append(forms.leave_program_form(found.mentor, own))
    return made
