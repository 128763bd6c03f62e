"""People who are asked by a survey, about a journey of the stories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.ids import KitDigest, MentorId, PathwayId, ProgramId, RespondentId, SessionId, SurveyRequestId
from domain.kit import Asking, Kit
from domain.survey import RESPONDENT, About, Ask, respondent_stream
from domain.survey.links import SurveyLink
from services.survey_links import PAGE, SurveyLinks
from store import people
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import transact
from tests.projections.stories import KIT, journey, publish, story, tell

QUESTIONS: list[Mapping[str, Any]] = [
    {"id": "confident", "ask": "How confident are you about your next interview?", "kind": "scale", "required": True,
     "low": "not at all", "high": "very", "tells": "confidence"},
    {"id": "clear", "ask": "Is your next step clear?", "kind": "yes_no", "required": True, "tells": "clarity"},
    {"id": "pace", "ask": "How is the pace?", "kind": "choice", "options": ["too slow", "about right", "too fast"]},
    {"id": "hours", "ask": "How many hours did you work this week?", "kind": "scale", "least": 0, "most": 60},
    {"id": "change", "ask": "What should be different next time?"},
]  # fmt: skip
SURVEYS = [
    {"id": "after-session", "title": "Two minutes after the session", "of": role, "after": "session",
     "questions": QUESTIONS} | ({} if role == "learner" else {"id": f"after-session-{role}"})
    for role in ("learner", "mentor", "ops")
]  # fmt: skip
ASKING_KIT = Kit.model_validate(
    KIT.model_dump(mode="json") | {"version": "asking", "asking": {"least_gap": "0 days"}, "surveys": SURVEYS}
)


@dataclass(frozen=True, slots=True)
class Asked:
    request: SurveyRequestId
    respondent: RespondentId
    token: str

    @property
    def path(self) -> str:
        return f"{PAGE}{self.token}"


async def prepare(pool: Pool) -> None:
    """The kit, the journey of the learner l-1 with the mentor m-1, and their names."""
    await publish(pool)
    await publish(pool, ASKING_KIT)
    await tell(EventLog(pool), 1, story(1, 8))
    await people.upsert_many(pool, [Person("l-1", "learner", "Ada <b>Brook</b>", time_zone="Europe/Vienna")])
    await people.upsert_many(pool, [Person("m-1", "mentor", "Max Stone"), Person("m-2", "mentor", "Eve Lin")])


async def ask(
    pool: Pool, role: str = "learner", person: str = "l-1", *, nth: int = 1, ago: timedelta = timedelta(0)
) -> Asked:
    """Asked so long ago, for seven days."""
    survey = "after-session" if role == "learner" else f"after-session-{role}"
    request = SurveyRequestId(f"{journey(1)}--{survey}.s1--{nth}")
    respondent = RespondentId(f"{role}.{person}")
    about = About(
        program=ProgramId("ready"),
        kit=KitDigest(ASKING_KIT.digest),
        kit_version=ASKING_KIT.version,
        journey=journey(1),
        stage="sessions",
        after="session",
        session=SessionId("s1"),
        pathway=PathwayId("main"),
        mentor=MentorId("m-1"),
    )
    at = datetime.now(UTC) - ago
    command = Ask(
        request=request, survey=survey, respondent=respondent, about=about, asking=ASKING_KIT.asking or Asking()
    )
    done = await transact(pool, respondent_stream(respondent), RESPONDENT, command, at)
    expires_at = done.after.state.requests[request].expires_at or at
    link = await SurveyLinks(pool, "").link(SurveyLink(request, role, person, expires_at))
    return Asked(request, respondent, link.removeprefix(PAGE))
