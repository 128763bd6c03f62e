"""What a letter about a survey needs to know: the asking, its title and its link."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import RespondentId
from domain.kit import Kit, Survey
from domain.notification import Notice
from domain.survey import Request, Standing
from domain.survey.links import SurveyLink
from store import kits
from store.database import Pool
from store.respondents import read_request
from workflows.notification_activities import Delivery

Link = Callable[[SurveyLink], Awaitable[str]]
"""The address of the form that this leads to."""
_OBSOLETE: dict[Standing, str] = {
    "answered": "the survey has been answered",
    "expired": "the survey can no longer be answered",
    "skipped": "the person is not asked",
}


@dataclass(frozen=True, slots=True)
class SurveyLetter:
    kit: Kit
    """The version that holds the survey."""
    survey: Survey
    request: Request
    expires_at: datetime

    def obsolete(self, now: datetime) -> str | None:
        """Why it need not be sent any more. None: it need."""
        return _OBSOLETE.get("expired" if now >= self.expires_at else self.request.standing)


async def find(pool: Pool, delivery: Delivery) -> SurveyLetter | None:
    """None: nobody was asked this, or the kit does not have it."""
    assert delivery.survey and delivery.person, "it is a letter about a survey"
    respondent = RespondentId(f"{delivery.to}.{delivery.person}")
    state = (await read_request(pool, respondent, delivery.survey, datetime.now(UTC))).state
    request = state.requests.get(delivery.survey)
    if request is None or request.expires_at is None:
        return None
    kit = await kits.load(pool, request.about.kit)
    survey = next((one for one in kit.surveys if one.id == request.survey), None)
    if survey is None:
        return None
    return SurveyLetter(kit, survey, request, request.expires_at)


async def notice(letter: SurveyLetter, delivery: Delivery, link: Link | None, now: datetime) -> Notice:
    """What the person is told. It is timely as long as the survey can be answered."""
    assert delivery.survey and delivery.person, "it is a letter about a survey"
    to = SurveyLink(delivery.survey, delivery.to, delivery.person, letter.expires_at)
    return Notice(
        when="survey",
        to=delivery.to,
        subject=f"survey:{delivery.survey}",
        at=now,
        due_at=letter.expires_at,
        mentor=letter.request.about.mentor,
        headline=letter.survey.title,
        result="reminder" if delivery.reminder else "",
        link=await link(to) if link else "",
    )
