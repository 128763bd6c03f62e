"""The operations of `surveys`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class AsyncSurveysOperations(AsyncConnection):
    async def list_survey_requests(
        self,
        *,
        program: str | None = None,
        status: Literal["open", "answered", "expired", "skipped"] | None = None,
        survey: str | None = None,
        journey: str | None = None,
        respondent: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.SurveyRequestPage:
        """List what people were asked, the latest first, and how each asking stands. Without the answers.

        - `respondent`: Whom: the id of a person; of ops, the program.
        - `after`: The `next` of the previous page.
        """
        return await self._call(
            Call(
                "GET",
                "/v1/surveys",
                query=query(
                    program=program,
                    status=status,
                    survey=survey,
                    journey=journey,
                    respondent=respondent,
                    after=after,
                    limit=limit,
                ),
            ),
            models.SurveyRequestPage,
        )

    def iterate_survey_requests(
        self,
        *,
        program: str | None = None,
        status: Literal["open", "answered", "expired", "skipped"] | None = None,
        survey: str | None = None,
        journey: str | None = None,
        respondent: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.SurveyRequestRow]:
        """The items of all pages of `list_survey_requests`, read one page at a time."""
        return self._items(
            lambda after: self.list_survey_requests(
                program=program,
                status=status,
                survey=survey,
                journey=journey,
                respondent=respondent,
                limit=limit,
                after=after,
            ),
            lambda page: (page.rows, page.next),
        )

    async def get_survey(self, request: str) -> models.SurveyForm:
        """The form: its questions, and until when it can be answered. A mentor has their own.

        - `request`: the id of the request
        """
        return await self._call(Call("GET", path("/v1/surveys/{request}", request=request)), models.SurveyForm)

    async def get_survey_answers(self, request: str) -> models.SurveyAnswers:
        """What was answered. Personal data. A mentor has their own.

        - `request`: the id of the request
        """
        return await self._call(
            Call("GET", path("/v1/surveys/{request}/answers", request=request)), models.SurveyAnswers
        )

    async def answer_survey(
        self, request: str, *, answers: Mapping[str, Any], by: str | None | Unset = UNSET
    ) -> models.SurveyAnsweredNow:
        """Answer for the person who was asked, such as what they said on the phone. Each survey is answered once.

        The same answers again change nothing.

        - `request`: the id of the request
        """
        return await self._call(
            Call(
                "POST", path("/v1/surveys/{request}/answers", request=request), **body({"by": by, "answers": answers})
            ),
            models.SurveyAnsweredNow,
        )

    async def get_survey_link(self, request: str) -> models.SurveyAddress:
        """The address of the form, as the letter has it. Give it to the person alone: no account is asked for.

        - `request`: the id of the request
        """
        return await self._call(Call("GET", path("/v1/surveys/{request}/link", request=request)), models.SurveyAddress)

    async def rotate_survey_links(self, *, keep_sent: bool | None = None) -> models.LinksRotated:
        """Sign links with another secret from now on. Of a key for all programs.

        Links of the secret that was replaced before the present one are no longer valid either way.
        """
        return await self._call(
            Call("POST", "/v1/surveys/links/rotate", **body({"keep_sent": UNSET if keep_sent is None else keep_sent})),
            models.LinksRotated,
        )

    async def list_survey_rates(
        self, program: str, *, since: date | None = None, until: date | None = None
    ) -> list[models.SurveyRate]:
        """How many answer, by survey and version of the kit.

        - `since`: Asked on or after this day (UTC).
        - `until`: Asked before this day (UTC).
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/surveys/rates", program=program),
                query=query(since=since, until=until),
            ),
            list[models.SurveyRate],
        )
