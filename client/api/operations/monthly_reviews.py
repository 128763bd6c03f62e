"""The operations of `monthly_reviews`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class MonthlyReviewsOperations(Connection):
    def list_monthly_reviews(
        self, program: str, *, before: str | None = None, limit: int | None = None
    ) -> models.MonthlyReviews:
        """The months that were drafted, and which of them were released.

        - `before`: The `next` of the previous page.
        """
        return self._call(
            Call(
                "GET", path("/v1/programs/{program}/reviews", program=program), query=query(before=before, limit=limit)
            ),
            models.MonthlyReviews,
        )

    def get_monthly_review(self, program: str, month: str) -> models.MonthlyReviewAnswer:
        """The review of a month: what changed, what it did to those who came next, and how the program stands.

        Notes and recipients are left out for keys that may not see personal data.

        - `month`: A calendar month, such as `2026-11`.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/reviews/{month}", program=program, month=month)),
            models.MonthlyReviewAnswer,
        )

    def draft_monthly_review(
        self, program: str, month: str, *, by: str | None | Unset = UNSET
    ) -> models.MonthlyReviewAnswer:
        """Put the figures of a month together now. It takes the place of an earlier draft; notes stay.

        - `month`: A calendar month, such as `2026-11`.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/reviews/{month}/draft", program=program, month=month),
                **body({"by": by}),
            ),
            models.MonthlyReviewAnswer,
        )

    def add_note_to_review(
        self, program: str, month: str, *, text: str, by: str | None | Unset = UNSET
    ) -> models.MonthlyReviewAnswer:
        """Add words to the review of a month, until it is released.

        - `month`: A calendar month, such as `2026-11`.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/reviews/{month}/notes", program=program, month=month),
                **body({"by": by, "text": text}),
            ),
            models.MonthlyReviewAnswer,
        )

    def release_monthly_review(
        self, program: str, month: str, *, by: str | None | Unset = UNSET, draft: int | None | Unset = UNSET
    ) -> models.MonthlyReviewAnswer:
        """Stand behind the review. It changes no more, and those whom the kit names get it by letter.

        - `month`: A calendar month, such as `2026-11`.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/reviews/{month}/release", program=program, month=month),
                **body({"by": by, "draft": draft}),
            ),
            models.MonthlyReviewAnswer,
        )
