"""The operations of `times`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class TimesOperations(Connection):
    def list_times(self, journey: str, session: str, *, many: int | None = None) -> models.Times:
        """Times for a session that suit both sides, and what excludes others. Personal data.

        - `many`: how many are offered; default: the kit's
        """
        return self._call(
            Call(
                "GET",
                path("/v1/journeys/{journey}/sessions/{session}/times", journey=journey, session=session),
                query=query(many=many),
            ),
            models.Times,
        )

    def book_time(
        self, journey: str, session: str, *, starts_at: datetime, by: str | None | Unset = UNSET
    ) -> models.BookedTime:
        """Book a time for a session with the mentor, and move the session there.

        Everything is checked again. 409: the time is taken or does not suit, and nothing changed.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/journeys/{journey}/sessions/{session}/times", journey=journey, session=session),
                **body({"by": by, "starts_at": starts_at}),
            ),
            models.BookedTime,
        )

    def list_common_times(
        self,
        *,
        cohort: str | None = None,
        program: str | None = None,
        learner: Sequence[str] | None = None,
        mentor: Sequence[str] | None = None,
        weeks: int | None = None,
        minutes: int | None = None,
        many: int | None = None,
    ) -> models.CommonTimes:
        """The time of the week that suits a group best, and whom it does not suit, and when. Personal data.

        - `cohort`: For the members of this group.
        - `program`: The program of the learners.
        - `mentor`: Who leads.
        - `weeks`: The length of the term.
        - `minutes`: The length of a meeting.
        - `many`: The number of times to compare.
        """
        return self._call(
            Call(
                "GET",
                "/v1/common-times",
                query=query(
                    cohort=cohort,
                    program=program,
                    learner=learner,
                    mentor=mentor,
                    weeks=weeks,
                    minutes=minutes,
                    many=many,
                ),
            ),
            models.CommonTimes,
        )
