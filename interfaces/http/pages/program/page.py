"""The pages of a program with the forms for what can be done there."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.http.pages.fields import Form
from interfaces.http.pages.program.enrollment import EnrollmentPage, WaitingLine
from interfaces.http.pages.program.schedules import ScheduleLine, SchedulesPage
from interfaces.http.pages.program.versions import VersionLine, VersionsPage


@dataclass(frozen=True, slots=True)
class InLine:
    line: WaitingLine
    remove: Form | None


@dataclass(frozen=True, slots=True)
class Enrollment:
    page: EnrollmentPage
    forms: Sequence[Form]
    waiting: Sequence[InLine]
    refused: Form | None
    """The form that was sent and refused."""


@dataclass(frozen=True, slots=True)
class OneVersion:
    version: VersionLine
    use: Form | None
    """None for the current one."""


@dataclass(frozen=True, slots=True)
class Versions:
    page: VersionsPage
    rows: Sequence[OneVersion]
    move: Form | None
    refused: Form | None


@dataclass(frozen=True, slots=True)
class OneSchedule:
    line: ScheduleLine
    forms: Sequence[Form]


@dataclass(frozen=True, slots=True)
class Schedules:
    page: SchedulesPage
    rows: Sequence[OneSchedule]
