"""A mentor's leave, planned and canceled on their own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from domain.ids import MentorId
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.leave import CancelLeave, PlanLeave
from domain.profiles import Leave
from domain.values import counted
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.pages.filled_forms import read_form
from interfaces.http.pages.own.models import LeavePage
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from interfaces.http.v1.mentors import LeaveTime
from queries.mentor_words import leave_in_words
from queries.mentors import Mentor, mentor
from services import mentors as services
from services.mentors import LeaveChange
from store.database import Pool
from store.people import zone_by_name
from store.transact import read


async def answer(pool: Pool, request: Request, one: MentorId, page: str) -> Response:
    """Raises NoSuchMentor."""
    found = await mentor(pool, one)
    found = replace(found, leave=(await read(pool, mentor_stream(one), MENTOR)).state.leave)  # as it is now
    zone = zone_by_name(found.profile.time_zone)
    address = f"{page}/leave"
    planning = _planning(address)
    if request.method == "GET":
        return HTMLResponse(_shown(found, planning, page, zone))
    canceled = read_form(await request.body()).get("starts_at", [""])[0]
    form = next((each for _, each in _planned(found, address, zone) if each.fixed["starts_at"] == canceled), planning)

    async def carry_out(time: LeaveTime, _: RequestIdentity) -> str:
        starts_at, ends_at = services.span_of_leave(zone, *time.span)
        kind = PlanLeave if form is planning else CancelLeave
        command = kind(mentor=one, starts_at=starts_at, ends_at=ends_at, by=f"mentor:{one}")
        change = await services.change_leave(pool, found, command, datetime.now(UTC))
        return _planned_in_words(change) if form is planning else "The leave is canceled."

    async def again(wrong: Form) -> str:
        return _shown(found, wrong, page, zone)

    return await act(request, LeaveTime, form, carry_out, back_to=address, again=again)


def _planning(address: str) -> Form:
    form = form_of(
        LeaveTime,
        address,
        title="Plan a leave",
        says="",
        button="Plan it",
        without=["starts_at", "ends_at"],
        labels={"first_day": "First day", "last_day": "Last day"},
    )
    return replace(form, fields=[replace(each, required=True) for each in form.fields])


def _shown(found: Mentor, form: Form, page: str, zone: ZoneInfo) -> str:
    address = f"{page}/leave"
    return render("own/leave.html", LeavePage(form, _planned(found, address, zone), page, reading().zone.key))


def _planned(found: Mentor, address: str, zone: ZoneInfo) -> Sequence[tuple[str, Form]]:
    """The leave that is not over, each with the form that cancels it."""
    now = datetime.now(UTC)
    cancelling = partial(_cancelling, address)
    return [(leave_in_words(each, zone), cancelling(each)) for each in found.leave if each.ends_at > now]


def _cancelling(address: str, each: Leave) -> Form:
    span = {"starts_at": each.starts_at.isoformat(), "ends_at": each.ends_at.isoformat()}
    return Form(address, "Cancel this leave", button="Cancel it", fixed=span)


def _planned_in_words(change: LeaveChange) -> str:
    planned, many = "Your leave is planned, and the program knows.", len(change.sessions)
    lies = "lies" if many == 1 else "lie"
    return f"{planned} {counted(many, 'session')} {lies} in that time: please move them." if many else planned
