"""Whom a survey asks, and what about: the connections by which its answers are compared."""

from pydantic import Field

from domain.ids import (
    CohortId,
    JourneyId,
    KitDigest,
    MentorId,
    MilestoneId,
    PathwayId,
    ProgramId,
    RespondentId,
    SessionId,
    StreamId,
    SurveyRequestId,
)
from domain.journey.terms import Stage
from domain.kit import Role, SurveyOccasion
from domain.values import Frozen, is_none


class About(Frozen):
    """What an asking is about, as it was at the occasion: later changes of the journey do not move its answers."""

    program: ProgramId
    kit: KitDigest
    kit_version: str
    journey: JourneyId
    stage: Stage
    after: SurveyOccasion | None = None
    """None: it is a pulse."""
    occurrence: int = 1
    """Of the same survey about the same: the number of the pulse, the attempt at a milestone, the turn of a session."""
    session: SessionId | None = Field(default=None, exclude_if=is_none)
    milestone: MilestoneId | None = Field(default=None, exclude_if=is_none)
    pathway: PathwayId | None = Field(default=None, exclude_if=is_none)
    template: str | None = Field(default=None, exclude_if=is_none)
    """Of the notes of the session."""
    mentor: MentorId | None = Field(default=None, exclude_if=is_none)
    cohort: CohortId | None = Field(default=None, exclude_if=is_none)
    segment: str | None = Field(default=None, exclude_if=is_none)


def respondent_id(role: Role, person: str) -> RespondentId:
    """One for each person and role. Of ops, who are several, `person` is the program."""
    return RespondentId(f"{role}.{person}")


def person_of(respondent: RespondentId) -> tuple[str, str]:
    """The role, and the id of the person; of ops, the program."""
    role, _, person = respondent.partition(".")
    return role, person


def respondent_stream(respondent: RespondentId) -> StreamId:
    return StreamId(f"respondent-{respondent}")


def journey_of_request(request: SurveyRequestId) -> JourneyId:
    return JourneyId(request.rsplit("--", 2)[0])


def request_id(survey: str, journey: JourneyId, subject: str, occurrence: int) -> SurveyRequestId:
    """The same for the same asking, whoever finds it due and however often."""
    about = f".{subject}" if subject else ""
    return SurveyRequestId(f"{journey}--{survey}{about}--{occurrence}")
