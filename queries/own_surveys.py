"""The surveys that somebody has been asked and can still answer, for their own page."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from domain.own_page import OwnRole
from projections.reading import BeingRebuilt
from projections.views import survey_requests
from store import kits
from store.database import Pool

_MOST = 10


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    request: str
    title: str
    expires_at: datetime


async def open_surveys(pool: Pool, role: OwnRole, person: str, now: datetime) -> list[OpenSurvey]:
    """The latest first; none while the view of them is being rebuilt."""
    with suppress(BeingRebuilt):
        rows = await survey_requests.requests(pool, status="open", respondent=person, limit=_MOST)
        return [
            OpenSurvey(one.request, await _title(pool, one.kit, one.survey), one.expires_at)
            for one in rows
            if one.role == role and one.expires_at and one.expires_at > now
        ]
    return []


async def _title(pool: Pool, kit: str, survey: str) -> str:
    found = next((one for one in (await kits.load(pool, kit)).surveys if one.id == survey), None)
    return found.title if found else survey
