"""What can be done about a program: its enrollment, the versions of its kit, and its schedules."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from domain.ids import ProgramId, Slug
from domain.values import Frozen, Personal, Whole
from interfaces.http.pages.fields import Form, Option, form_of
from interfaces.http.pages.program.schedules import ScheduleLine


class Nothing(Frozen):
    """There is nothing to fill in."""


class Because(Frozen):
    reason: Personal = ""
    """It is recorded."""


class Opening(Frozen):
    """Take learners in. If the number of places grows, those who have waited longest get the new ones."""

    places: Annotated[Whole, Field(ge=0, le=10_000_000)] | None = None
    """Empty: any number."""
    override: Personal = ""
    """Only where the program is not ready to grow by the rules of its kit: why it is opened all the same."""


class Removal(Frozen):
    """Free their place, or take them off the waiting list. This does not end their journey."""

    learner: Slug
    reason: Personal = ""


class Newcomer(Frozen):
    """Enroll a learner and start their journey. Without a free place, they are put on the waiting list."""

    learner: Slug
    name: Annotated[str, Field(max_length=200)] = ""
    """Leave it empty for somebody who is known by their id."""
    email: Annotated[str, Field(max_length=320)] | None = None
    time_zone: Annotated[str, Field(max_length=100)] | None = None
    """Such as `Europe/Berlin`."""
    again: bool = False
    """Also if their journey in this program has ended."""


class Use(Frozen):
    """Let new journeys follow this version. Journeys that have started keep theirs."""

    version: Annotated[str, Field(max_length=200)]


class Move(Frozen):
    """Move open journeys to this version. First you see what it would mean for each of them."""

    to: Annotated[str, Field(min_length=1, max_length=120)]
    reason: Annotated[Personal, Field(min_length=1)]


def open_form(program: ProgramId, places: int | None, *, is_open: bool) -> Form:
    return form_of(
        Opening,
        f"/programs/{program}/enrollment/open",
        title="Change the number of places" if is_open else "Open enrollment",
        given={"places": f"{places}"} if places is not None else None,
        labels={"override": "Reason to open it although it is not ready"},
    )


def close_form(program: ProgramId) -> Form:
    says = "Nobody is taken in from then on. The waiting list is kept."
    return form_of(Because, f"/programs/{program}/enrollment/close", title="Close enrollment", says=says)


def enroll_form(program: ProgramId) -> Form:
    return form_of(
        Newcomer,
        f"/programs/{program}/enrollment/learners",
        title="Enroll a learner",
        labels={"learner": "Id", "again": "Again, if their last journey has ended"},
    )


def removal_form(program: ProgramId, fixed: Mapping[str, str] | None = None) -> Form:
    return form_of(
        Removal,
        f"/programs/{program}/enrollment/remove",
        title="Remove a learner",
        button="Remove",
        fixed=fixed,
        labels={"learner": "Id of the learner"},
    )


def use_form(program: ProgramId, fixed: Mapping[str, str] | None = None) -> Form:
    return form_of(
        Use, f"/programs/{program}/versions/use", title="Use this version for new journeys", button="Use", fixed=fixed
    )


def move_form(program: ProgramId, versions: Sequence[tuple[str, str]], given: str) -> Form:
    """`versions`: the digest of each, with its words."""
    return form_of(
        Move,
        f"/programs/{program}/versions/move",
        title="Move open journeys to a version",
        button="See what it would mean",
        choices={"to": [Option(value, label) for value, label in versions]},
        given={"to": given, "reason": "New journeys follow this version."},
        labels={"to": "Version", "reason": "Why"},
    )


def schedule_forms(program: ProgramId, one: ScheduleLine) -> list[Form]:
    """None for one that is not kept."""
    if not one.kept:
        return []
    base = f"/programs/{program}/schedules/{one.name}"
    pause = "resume" if one.paused else "pause"
    return [
        form_of(Nothing, f"{base}/{pause}", title=pause.capitalize(), says=""),
        form_of(Nothing, f"{base}/run", title="Run now", says=""),
    ]
