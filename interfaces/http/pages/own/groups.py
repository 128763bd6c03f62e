"""A session of a group, on the own page of one of its mentors: how it went, its notes and its follow-up, said once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Literal, get_args

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field as Asked

from client.journeys import JourneyClient
from domain.cohort import commands as c
from domain.cohort.events import MEMBERS_AN_EVENT, CameOtherwise
from domain.cohort.state import GROUP, CohortState, Meeting
from domain.ids import CohortId, LearnerId, MentorId, SessionId
from domain.journey import NamedCommand
from domain.journey.terms import Attendance
from domain.values import Frozen, Personal
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act
from interfaces.http.pages.fields import Field, Form, Option
from interfaces.http.pages.own.deeds import deed
from interfaces.http.pages.own.forms import Deed, Impossible
from interfaces.http.pages.own.models import DeedPage
from interfaces.http.pages.own.of_mentors import CAME
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from queries.cohorts import snapshot
from queries.own_page import own_journeys
from services.cohorts import handle_and_tell
from store import kits, people
from store.database import Pool

_SAME = "same"
_NOTHING = "Nothing is recorded: it was taken back"
_WAIT = timedelta(seconds=5)
"""For so long, the page waits for the journeys of the members to know."""


class GroupCame(Frozen):
    """How a session went: for the group, and for those for whom it went otherwise."""

    attendance: Attendance
    notes: Personal = ""
    reason: Personal = ""
    otherwise: dict[LearnerId, Attendance | Literal["same"]] = Asked(default={}, max_length=MEMBERS_AN_EVENT)

    def exceptions(self, taken_back: Collection[LearnerId]) -> tuple[CameOtherwise, ...]:
        """`taken_back`: those who are spoken of only where they are named."""
        return tuple(
            CameOtherwise.model_validate({"learner": learner, "attendance": how})
            for learner, how in self.otherwise.items()
            if how != _SAME and (how != self.attendance or learner in taken_back)
        )


class NotOfGroup(Exception):
    """There is no such session of a group that the mentor leads."""


@dataclass(frozen=True, slots=True)
class Met:
    """A session of a group, for one of its mentors."""

    pool: Pool
    client: JourneyClient
    mentor: MentorId
    cohort: CohortId
    state: CohortState
    meeting: Meeting
    page: str

    @property
    def by(self) -> str:
        return f"mentor:{self.mentor}"

    def address(self, what: str) -> str:
        return f"{self.page}/groups/{self.cohort}/{self.meeting.session}/{what}"

    async def record(self, command: c.RecordAttendance | c.RecordNotes | c.SendFollowUp) -> str:
        told = await handle_and_tell(self.pool, self.client.temporal, self.cohort, command, _WAIT)
        if not told.events:
            return "This had been recorded already."
        return "Corrected for the group." if command.corrects else "Recorded for the group. Thank you."


async def met(
    pool: Pool, client: JourneyClient, mentor: MentorId, cohort: CohortId, session: SessionId, *, page: str
) -> Met:
    """Raises NotOfGroup."""
    state = (await snapshot(pool, cohort)).state
    meeting = state.meeting(session)
    if state.kit is None or mentor not in state.mentors or meeting is None:
        raise NotOfGroup
    return Met(pool, client, mentor, cohort, state, meeting, page)


async def attendance(request: Request, one: Met) -> Response:
    title = await _title(one.pool, one.state, one.meeting.session)
    names = await people.names_of(one.pool, one.state.members)
    form = _form(one.address("attendance"), title, one.state, one.meeting, names)
    if request.method == "GET":
        return HTMLResponse(_shown(form, one.page))

    async def carry_out(said: GroupCame, _: RequestIdentity) -> str:
        fields = {"attendance": said.attendance, "notes": said.notes, "reason": said.reason}
        command = c.RecordAttendance(
            session=one.meeting.session,
            exceptions=said.exceptions(one.meeting.taken_back),
            corrects=one.meeting.settled,
            by=one.by,
            **fields,
        )
        return await one.record(command)

    return await act(request, GroupCame, form, carry_out, back_to=one.page, again=partial(_again, page=one.page))


_WRITTEN: Mapping[str, tuple[str, type[c.RecordNotes] | type[c.SendFollowUp], str]] = {
    "notes": ("write_notes", c.RecordNotes, "the notes"),
    "follow_up": ("send_follow_up", c.SendFollowUp, "the follow-up"),
}
"""What is written of a session: the command of a journey, that of the group, and how it is called."""


async def written(request: Request, one: Met, what: str) -> Response:
    """The form is that of one of those who came. Raises KeyError, Impossible."""
    command, of_group, called = _WRITTEN[what]
    found = await _of_a_member(one, command, called, corrects=what in one.meeting.said, action=one.address(what))
    form = replace(found.form, title=f"{found.form.title.partition(' with ')[0].partition(' for ')[0]} with your group")
    if request.method == "GET":
        return HTMLResponse(_shown(form, one.page))

    async def carry_out(said: NamedCommand, _: RequestIdentity) -> str:
        given = said.model_dump(exclude_unset=True) | {"by": one.by, "corrects": what in one.meeting.said}
        return await one.record(of_group.model_validate(given))

    return await act(request, found.kind, form, carry_out, back_to=one.page, again=partial(_again, page=one.page))


async def _of_a_member(one: Met, command: str, called: str, *, corrects: bool, action: str) -> Deed:
    """The form for one of those who came, of whom nothing else is recorded than of the group. Raises Impossible."""
    session = one.meeting.session
    came = [each.journey for learner, each in one.state.invited(one.meeting).items() if one.meeting.held_with(learner)]
    for journey in came:
        for mentor in sorted(one.state.mentors, key=lambda other: other != one.mentor):
            # Each member has one of the mentors; any of these may write for all.
            for member in await own_journeys(one.pool, "mentor", mentor, [journey]):
                found = deed(member, "mentor", command, session, action)
                if bool(found.extra) == corrects:
                    return found
    if came:
        raise Impossible(f"For each of those who came, {called} stand for themselves: open the page of the learner.")
    raise Impossible("Say first how the session went; this belongs to a session that was held.")


async def _again(wrong: Form, page: str) -> str:
    return _shown(wrong, page)


async def _title(pool: Pool, state: CohortState, session: SessionId) -> str:
    assert state.kit
    assert state.pathway
    pathway = (await kits.load(pool, state.kit)).pathway(state.pathway)
    return pathway.title_of_session(session) if pathway else session


def _form(address: str, title: str, state: CohortState, meeting: Meeting, names: Mapping[str, str]) -> Form:
    of_group = meeting.attendance.get(GROUP) or "attended"
    fields = [
        Field("attendance", "The group", "radios", True, (of_group,), _options()),
        *_members(state, meeting, names),
        Field("notes", "A remark, on the page of each member", "lines", longest=10_000),
    ]
    if meeting.settled:
        fields.append(Field("reason", "Why what was recorded is corrected", "lines", True, longest=2_000))
    says = f"How did “{title}” go?"
    return Form(address, f"Correct: {says}" if meeting.settled else says, fields, button="Save")


def _options(*before: Option) -> Sequence[Option]:
    return [*before, *(Option(one, CAME[one]) for one in get_args(Attendance))]


def _members(state: CohortState, meeting: Meeting, names: Mapping[str, str]) -> Iterator[Field]:
    invited: Any = state.invited(meeting)
    for learner in sorted(invited, key=lambda one: names.get(one, one)):
        known = meeting.attendance.get(learner)
        yield Field(
            f"otherwise.{learner}",
            names.get(learner, learner),
            "choice",
            True,
            (known or _SAME,),
            _options(Option(_SAME, _NOTHING if learner in meeting.taken_back else "As the group")),
        )


def _shown(form: Form, page: str) -> str:
    return render("own/deed.html", DeedPage(form, (), page, reading().zone.key))
