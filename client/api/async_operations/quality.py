"""The operations of `quality`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class AsyncQualityOperations(AsyncConnection):
    async def get_quality(
        self, program: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> models.QualityFigures:
        """The scores of a program's sessions by question and dimension, with their intervals, and how far two
        reviewers of one session agree.

        - `since`: Only sessions held from then on.
        - `until`: Only sessions held before.
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/quality", program=program), query=query(since=since, until=until)),
            models.QualityFigures,
        )

    async def list_quality_rounds(self, program: str, *, limit: int | None = None) -> list[models.ReviewRound]:
        """The rounds of reviews, the latest first: the sample of each, and what was reviewed of it."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/quality/rounds", program=program), query=query(limit=limit)),
            list[models.ReviewRound],
        )

    async def begin_quality_round(self, program: str) -> models.Reviews:
        """Begin a round of reviews now, besides those that the program's schedule begins. While one is open, the
        answer is that one; `round` is null if no session was held since the last round.
        """
        return await self._call(
            Call("POST", path("/v1/programs/{program}/quality/rounds", program=program)), models.Reviews
        )

    async def list_reviews(self, program: str, *, by: str | None = None) -> list[models.QueuedReview]:
        """The sessions that can be reviewed: first those that the reviewer has taken, then those that close first.

        - `by`: Whose queue.
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/quality/queue", program=program), query=query(by=by)),
            list[models.QueuedReview],
        )

    async def get_review(self, item: str, *, by: str | None = None) -> models.ToReview:
        """What a reviewer needs: the session with its notes and follow-up, the form, and what to look for. Personal
        data.

        - `item`: the id of the item, such as job-ready-3.7
        """
        return await self._call(Call("GET", path("/v1/quality/{item}", item=item), query=query(by=by)), models.ToReview)

    async def take_review(self, item: str, *, by: str | None | Unset = UNSET) -> models.ToReview:
        """Keep an item for yourself, for a day. Personal data.

        - `item`: the id of the item, such as job-ready-3.7
        """
        return await self._call(
            Call("POST", path("/v1/quality/{item}/take", item=item), **body({"by": by})), models.ToReview
        )

    async def score_review(
        self,
        item: str,
        *,
        by: str | None | Unset = UNSET,
        questions: Mapping[str, Any] | None = None,
        dimensions: Mapping[str, Any] | None = None,
        notes: str | None = None,
        minutes: int | None | Unset = UNSET,
        corrects: bool | None = None,
        reason: str | None = None,
    ) -> models.ScoreRecorded:
        """Score the session of an item that you have taken. The same again changes nothing.

        - `item`: the id of the item, such as job-ready-3.7
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/quality/{item}/score", item=item),
                **body(
                    {
                        "by": by,
                        "questions": UNSET if questions is None else questions,
                        "dimensions": UNSET if dimensions is None else dimensions,
                        "notes": UNSET if notes is None else notes,
                        "minutes": minutes,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                    }
                ),
            ),
            models.ScoreRecorded,
        )

    async def skip_review(self, item: str, *, reason: str, by: str | None | Unset = UNSET) -> models.ReviewSkipped:
        """Leave a session out of the round, for a reason.

        - `item`: the id of the item, such as job-ready-3.7
        """
        return await self._call(
            Call("POST", path("/v1/quality/{item}/skip", item=item), **body({"by": by, "reason": reason})),
            models.ReviewSkipped,
        )

    async def list_scores(self, journey: str) -> list[models.ScoreShown]:
        """The scores of a journey's sessions; a mentor sees those of the sessions that they held. What the first of
        two reviewers says is shown when the second one has scored. Personal data.
        """
        return await self._call(
            Call("GET", path("/v1/journeys/{journey}/scores", journey=journey)), list[models.ScoreShown]
        )

    async def score_session(
        self,
        journey: str,
        session: str,
        *,
        by: str | None | Unset = UNSET,
        questions: Mapping[str, Any] | None = None,
        dimensions: Mapping[str, Any] | None = None,
        notes: str | None = None,
        minutes: int | None | Unset = UNSET,
        corrects: bool | None = None,
        reason: str | None = None,
    ) -> models.ScoreRecorded:
        """Score a session that was held, outside the rounds: a mentor their own, ops any. The same again changes
        nothing.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/sessions/{session}/scores", journey=journey, session=session),
                **body(
                    {
                        "by": by,
                        "questions": UNSET if questions is None else questions,
                        "dimensions": UNSET if dimensions is None else dimensions,
                        "notes": UNSET if notes is None else notes,
                        "minutes": minutes,
                        "corrects": UNSET if corrects is None else corrects,
                        "reason": UNSET if reason is None else reason,
                    }
                ),
            ),
            models.ScoreRecorded,
        )
