"""Identifiers: strings, each of its own type, free of personal data because they travel to logs and to Temporal."""

import re
from typing import Annotated, NewType

from pydantic import StringConstraints

SLUG = StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=120)

ProgramId = NewType("ProgramId", str)
LearnerId = NewType("LearnerId", str)
MentorId = NewType("MentorId", str)
PathwayId = NewType("PathwayId", str)
SessionId = NewType("SessionId", str)
MilestoneId = NewType("MilestoneId", str)
QuestionId = NewType("QuestionId", str)
CaseId = NewType("CaseId", str)
KitDigest = NewType("KitDigest", str)
NotificationId = NewType("NotificationId", str)
RoundId = NewType("RoundId", str)
CohortId = NewType("CohortId", str)
BulkId = NewType("BulkId", str)
FindingId = NewType("FindingId", str)
SurveyRequestId = NewType("SurveyRequestId", str)
RespondentId = NewType("RespondentId", str)
ProposalId = NewType("ProposalId", str)

JourneyId = NewType("JourneyId", str)
"""Names one learner's way through one program. It is the workflow id, and `journey-` + it is the stream in the log."""

StreamId = NewType("StreamId", str)
"""A stream of the log: its category, a hyphen, and the id of the thing that it tells of."""

Slug = Annotated[str, SLUG]
"""The form every identifier has: letters, digits, `_`, `.` and `-`, at most 120 of them."""


def journey_id(program: ProgramId, learner: LearnerId, entry: int = 1) -> JourneyId:
    """The id that a journey has when nobody gives it another: `PROGRAM.LEARNER`, and for the learner's second journey
    through the program `PROGRAM.LEARNER~2`. No other id has a `~`, so that no two learners share one.
    """
    return JourneyId(f"{program}.{learner}" + (f"~{entry}" if entry > 1 else ""))


def entry_of(journey: JourneyId, program: ProgramId, learner: LearnerId) -> int | None:
    """Which of the learner's journeys through the program this is, from 1; None when it was given another id."""
    base, _, entry = journey.partition("~")
    if base != journey_id(program, learner) or (entry and not _LATER_ENTRY.fullmatch(entry)):
        return None
    return int(entry) if entry else 1


def problem_with_journey_id(journey: str) -> str | None:
    """Why a journey cannot begin under this id, in words; None when it can."""
    if _JOURNEY.fullmatch(journey) and len(journey) <= _LONGEST:
        return None
    shown = journey if len(journey) <= 60 else f"{journey[:60]}…"
    return (
        f"{shown!r} cannot be the id of a journey; use letters, digits, '_', '.', '-' and '~', begin with a letter or "
        f"digit, and write at most {_LONGEST} of them, so that it can stand in a URL"
    )


_JOURNEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]*")
_LONGEST = 250
_LATER_ENTRY = re.compile(r"[2-9]|[1-9][0-9]{1,5}")


def journey_stream(journey: JourneyId) -> StreamId:
    return StreamId(f"journey-{journey}")


def activity_stream(journey: JourneyId) -> StreamId:
    """Where the learner's daily activity is kept: raw facts, beside the journey, which reads them when it asks."""
    return StreamId(f"activity-{journey}")


def round_stream(round_: RoundId) -> StreamId:
    return StreamId(f"round-{round_}")


def round_id(program: ProgramId, number: int) -> RoundId:
    """The id of a program's round, by its number. The number is what follows the last hyphen."""
    return RoundId(f"{program}-{number}")


def program_of_round(round_: RoundId) -> ProgramId:
    return ProgramId(round_.rpartition("-")[0])


def proposal_id(program: ProgramId, number: int) -> ProposalId:
    """The id of a program's proposal, by its number. The number is what follows the last hyphen."""
    return ProposalId(f"{program}-{number}")


def program_of_proposal(proposal: ProposalId) -> ProgramId:
    return ProgramId(proposal.rpartition("-")[0])


def cohort_stream(cohort: CohortId) -> StreamId:
    return StreamId(f"cohort-{cohort}")


def bulk_stream(bulk: BulkId) -> StreamId:
    return StreamId(f"bulk-{bulk}")


def notification_stream(message: NotificationId) -> StreamId:
    return StreamId(f"message-{message}")
