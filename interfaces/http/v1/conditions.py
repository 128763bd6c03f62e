"""The headers and parameters by which a request says which version of a journey it knows."""

import re
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Query
from fastapi.responses import Response

from domain.ids import JourneyId
from domain.values import LAST_POSITION
from queries.freshness import wait_for_view
from store.database import Pool

_ONE = re.compile(r'"(0|[1-9][0-9]{0,17})"')


class BadCondition(HTTPException):
    code = "if_match_invalid"

    def __init__(self) -> None:
        super().__init__(
            400, 'If-Match must be the ETag of an earlier answer: the version of the journey in quotes, such as "17".'
        )


def _version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The version of the journey that you have seen, in quotes, as an ETag says it. The command is "
            "refused with 412 if the journey has changed since.",
        ),
    ] = None,
) -> int | None:
    """Raises BadCondition."""
    if if_match is None or if_match.strip() == "*":
        return None
    if found := _ONE.fullmatch(if_match.strip()):
        return int(found[1])
    raise BadCondition


IfVersion = Annotated[int | None, Depends(_version)]
"""None: whatever the version is."""


MinVersion = Annotated[
    int | None,
    Query(
        ge=1,
        le=LAST_POSITION,
        description="Wait until the view has this version of the journey; 503 after some seconds.",
    ),
]


async def wait_for(pool: Pool, journey: JourneyId, version: int | None, view: str = "board") -> None:
    """Raises NoSuchJourney, Rejected, Behind."""
    if version is not None:
        await wait_for_view(pool, view, journey, version)


def tag(response: Response, version: int) -> None:
    """Says which version the answer is of."""
    response.headers["ETag"] = f'"{version}"'
