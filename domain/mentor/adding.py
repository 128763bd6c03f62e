"""What is recorded of a mentor who is added to a program with what a file says about them."""

from collections.abc import Iterable
from datetime import date

from domain.ids import MentorId, ProgramId
from domain.mentor.belonging import JoinProgram
from domain.mentor.checks import RecordCheck, RecordOnboarding
from domain.mentor.decide import MentorCommand
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.profiles import Check
from domain.values import Actor


def added(
    program: ProgramId,
    mentor: MentorId,
    changes: ProfileChanges,
    *,
    onboarded_on: date | None = None,
    checks: Iterable[Check] = (),
    by: Actor = "ops",
) -> tuple[MentorCommand, ...]:
    """To be decided together. Other checks that are recorded stay recorded."""
    return (
        JoinProgram(mentor=mentor, program=program, by=by),
        UpdateProfile(mentor=mentor, changes=changes, by=by),
        *(RecordCheck(mentor=mentor, check=one.check, valid_until=one.valid_until, by=by) for one in checks),
        *((RecordOnboarding(mentor=mentor, on=onboarded_on, by=by),) if onboarded_on else ()),
    )
