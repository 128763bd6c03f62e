"""Identifiers: strings, each of its own type, free of personal data because they travel to logs and to Temporal."""

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
MessageId = NewType("MessageId", str)

JourneyId = NewType("JourneyId", str)
"""Names one learner's way through one program. It is the workflow id, and `journey-` + it is the stream in the log."""

StreamId = NewType("StreamId", str)
"""A stream of the log: its category, a hyphen, and the id of the thing that it tells of."""

Slug = Annotated[str, SLUG]
"""The form every identifier has: letters, digits, `_`, `.` and `-`, at most 120 of them."""


def journey_id(program: ProgramId, learner: LearnerId) -> JourneyId:
    """The id that a journey has when nobody gives it another."""
    return JourneyId(f"{program}.{learner}")


def journey_stream(journey: JourneyId) -> StreamId:
    return StreamId(f"journey-{journey}")


def activity_stream(journey: JourneyId) -> StreamId:
    """Where the learner's daily activity is kept: raw facts, beside the journey, which reads them when it asks."""
    return StreamId(f"activity-{journey}")


def message_stream(message: MessageId) -> StreamId:
    return StreamId(f"message-{message}")
