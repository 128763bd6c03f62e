"""How a session went for a whole group, said once by one of its mentors on their own page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, get_args

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from pydantic import Field as Asked

from client.journeys import JourneyClient
from domain.cohort import commands as c
from domain.cohort.events import MEMBERS_AN_EVENT, CameOtherwise
from domain.cohort.state import GROUP, CohortState, Meeting
from domain.ids import CohortId, LearnerId, MentorId, SessionId
from domain.journey.terms import Attendance
from domain.values import Frozen, Personal
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act
from interfaces.http.pages.fields import Field, Form, Option
from interfaces.http.pages.own.deeds import CAME
from interfaces.http.pages.own.models import DeedPage
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from queries.cohorts import snapshot
from services.cohorts import handle_and_tell
from store import kits, people
from store.database import Pool

_SAME = "same"
_WAIT = timedelta(seconds=5)
"""For so long, the page waits for the journeys of the members to know."""


class GroupCame(Frozen):
    """How a session went: for the group, and for those for whom it went otherwise."""

    attendance: Attendance
    notes: Personal = ""
    reason: Personal = ""
    otherwise: dict[LearnerId, Attendance | Literal["same"]] = Asked(default={}, max_length=MEMBERS_AN_EVENT)

    def exceptions(self) -> tuple[CameOtherwise, ...]:
        return tuple(
            CameOtherwise.model_validate({"learner": learner, "attendance": how})
            for learner, how in self.otherwise.items()
            if how not in (_SAME, self.attendance)
        )


async def answer(
    pool: Pool,
    client: JourneyClient,
    request: Request,
    *,
    mentor: MentorId,
    cohort: CohortId,
    session: SessionId,
    page: str,
) -> Response | None:
    """None: there is no such session of a group that the mentor leads."""
    state = (await snapshot(pool, cohort)).state
    meeting = state.meeting(session)
    if state.kit is None or mentor not in state.mentors or meeting is None:
        return None
    title = await _title(pool, state, session)
    names = await people.names_of(pool, state.members)
    form = _form(f"{page}/groups/{cohort}/{session}", title, state, meeting, names)
    if request.method == "GET":
        return HTMLResponse(_shown(form, page))
    corrects = meeting.settled

    async def carry_out(said: GroupCame, _: RequestIdentity) -> str:
        command = c.RecordAttendance(
            session=session,
            attendance=said.attendance,
            notes=said.notes,
            exceptions=said.exceptions(),
            corrects=corrects,
            reason=said.reason,
            by=f"mentor:{mentor}",
        )
        told = await handle_and_tell(pool, client.temporal, cohort, command, _WAIT)
        if not told.events:
            return "This had been recorded already."
        return "Corrected for the group." if corrects else "Recorded for the group. Thank you."

    async def again(wrong: Form) -> str:
        return _shown(wrong, page)

    return await act(request, GroupCame, form, carry_out, back_to=page, again=again)


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
            _options(Option(_SAME, "As the group")),
        )


def _shown(form: Form, page: str) -> str:
    return render("own/deed.html", DeedPage(form, (), page, reading().zone.key))
