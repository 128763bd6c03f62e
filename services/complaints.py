"""Complaints are dealt with by people: as a case of the journey where one can be opened, and with an answer.

A case opens by the kit's own rule: a risk flag `feedback` is raised on the journey, and the escalation that the kit has
for it says who answers, and by when. Without such a rule, the complaint is taken up all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from client.journeys import JourneyClient, NoSuchJourney, Refused
from domain.complaint import COMPLAINT, AnswerComplaint, Command, ComplaintState, TakeUpComplaint, complaint_stream
from domain.ids import CaseId, ProgramId
from queries.complaints import Complaint, complaint
from queries.journey_record import read_record
from services.sending import send
from store.database import Pool
from store.transact import given, read, transact

FLAG = "feedback"
SUBJECT = "About your feedback"
_LONGEST = 9_000
"""Characters of a note."""
_CASE_OPENED = "journey.case_opened"


@dataclass(frozen=True, slots=True)
class Dealt:
    """A complaint after something was done about it."""

    complaint: Complaint
    says: str
    """What was done, in a sentence."""


class ComplaintDesk:
    """Deals with complaints."""

    def __init__(self, pool: Pool, client: JourneyClient) -> None:
        self._pool, self._client = pool, client

    async def take_up(self, program: ProgramId, request: str, at: datetime, *, by: str) -> Dealt:
        """A person deals with the complaint from now on: as a case of the journey, if its kit has an escalation for the
        risk flag `feedback`, or for any. Whoever repeats it opens no second case.

        Raises:
            NoSuchComplaint, Rejected, BeingRebuilt.
            NotAnswering: when the journey does not answer in time. Nothing was recorded.
        """
        found = await complaint(self._pool, program, request)
        if found.standing == "taken_up":
            return Dealt(found, _taken(found))
        COMPLAINT.decide(await self._state(found), TakeUpComplaint(program=program, journey=found.journey), at)
        case = await self._opened(found, by)
        command = TakeUpComplaint(program=program, journey=found.journey, case=case, by=by)
        await self._record(found, command, at)
        after = replace(found, standing="taken_up", case=case, by=by, at=at)
        return Dealt(after, _taken(after))

    async def answer(self, program: ProgramId, request: str, words: str, at: datetime, *, by: str) -> Dealt:
        """Answers whoever complained: by a message, where their journey is open; otherwise it is recorded that they
        were told. Repeated with the same words it is sent once.

        Raises:
            NoSuchComplaint, Rejected, BeingRebuilt.
            NotAnswering: when the journey does not answer in time. Nothing was recorded.
        """
        found = await complaint(self._pool, program, request)
        whose = {"program": program, "journey": found.journey, "answer": words, "by": by}
        if not COMPLAINT.decide(await self._state(found), AnswerComplaint(**whose, sent=False), at):
            return Dealt(found, "This answer is recorded already.")
        sent = await self._sent(found, words, by)
        await self._record(found, AnswerComplaint(**whose, sent=sent), at)
        after = replace(found, standing="answered", by=by, at=at)
        says = "The answer was sent." if sent else "The answer is recorded; nothing was sent, so tell them yourself."
        return Dealt(after, says)

    async def _opened(self, found: Complaint, by: str) -> CaseId | None:
        """The case that the kit opens for the flag; None: it opens none, or the journey is closed."""
        flag = {"flag": FLAG, "notes": _quoted(found), "by": by}
        done = await self._told(found, "raise_risk_flag", flag)
        if not done or _CASE_OPENED not in done:
            return None
        state = (await read_record(self._pool, found.journey)).state
        newest = max(state.cases, key=lambda one: one.opened_at, default=None)
        return newest.case if newest else None

    async def _sent(self, found: Complaint, words: str, by: str) -> bool:
        if found.role not in ("learner", "mentor"):
            return False
        message = {"to": found.role, "subject": SUBJECT, "text": words, "by": by}
        return await self._told(found, "send_message", message) is not None

    async def _told(self, found: Complaint, command: str, payload: Mapping[str, str]) -> Sequence[str] | None:
        """The events that came of it. None: the journey refused it, as it does once it is closed."""
        command_id = f"complaint:{found.request}:{command}"
        try:
            return (await send(self._pool, self._client, found.journey, command, payload, command_id=command_id)).events
        except (Refused, NoSuchJourney):
            return None

    async def _state(self, found: Complaint) -> ComplaintState:
        return (await read(self._pool, complaint_stream(found.request), COMPLAINT)).state

    async def _record(self, found: Complaint, command: Command, at: datetime) -> None:
        await transact(self._pool, complaint_stream(found.request), COMPLAINT, command, at, meta=given(command))


def _taken(found: Complaint) -> str:
    if found.case:
        return f"{found.case} was opened on the journey {found.journey}."
    return (
        "It is taken up without a case: the journey is closed, or its kit has no escalation for the risk flag feedback."
    )


def _quoted(found: Complaint) -> str:
    """The answers, for whoever has the case."""
    said = "\n".join(f"{one.asks} {one.answer}" for one in found.answers)
    return f"From the survey {found.survey}:\n{said}"[:_LONGEST]
