"""The pages of a program with the forms for what can be done there."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.http.pages.fields import Form
from interfaces.http.pages.program.enrollment import EnrollmentPage
from interfaces.http.pages.program.schedules import SchedulesPage
from interfaces.http.pages.program.versions import VersionsPage


@dataclass(frozen=True, slots=True)
class Enrollment:
    page: EnrollmentPage
    forms: Sequence[Form]
    removals: Sequence[Form]
    """For each line of the waiting list; none for whoever may not remove anybody."""
    refused: Form | None
    """The form that was sent and refused."""


@dataclass(frozen=True, slots=True)
class Versions:
    page: VersionsPage
    uses: Sequence[Form | None]
    """For each version; none for the current one."""
    move: Form | None
    refused: Form | None


@dataclass(frozen=True, slots=True)
class Schedules:
    page: SchedulesPage
    forms: Sequence[Sequence[Form]]
    """For each schedule."""
