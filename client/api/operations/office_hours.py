"""The operations of `office_hours`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class OfficeHoursOperations(Connection):
    def list_office_hours(
        self, *, program: str | None = None, mentor: str | None = None, journey: str | None = None
    ) -> list[models.OfficeHoursAhead]:
        """Office hours that are ahead, with the seats that are left. Personal data.

        - `journey`: which suit the learner of this journey
        """
        return self._call(
            Call("GET", "/v1/office-hours", query=query(program=program, mentor=mentor, journey=journey)),
            list[models.OfficeHoursAhead],
        )

    def offer_office_hours(
        self,
        mentor: str,
        *,
        program: str,
        starts_at: datetime,
        by: str | None | Unset = UNSET,
        minutes: int | None = None,
        seats: int | None | Unset = UNSET,
        weeks: int | None = None,
        purpose: str | None = None,
        any_hours: bool | None = None,
    ) -> list[models.Offered]:
        """Offer office hours to the learners of a program, once or every week. Answers with those that are new."""
        return self._call(
            Call(
                "POST",
                path("/v1/mentors/{mentor}/office-hours", mentor=mentor),
                **body(
                    {
                        "by": by,
                        "program": program,
                        "starts_at": starts_at,
                        "minutes": UNSET if minutes is None else minutes,
                        "seats": seats,
                        "weeks": UNSET if weeks is None else weeks,
                        "purpose": UNSET if purpose is None else purpose,
                        "any_hours": UNSET if any_hours is None else any_hours,
                    }
                ),
            ),
            list[models.Offered],
        )

    def cancel_office_hours(
        self, mentor: str, office_hours: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.OfficeHoursCanceled:
        """Cancel office hours. Answers with the journeys of those who had a seat."""
        return self._call(
            Call(
                "POST",
                path(
                    "/v1/mentors/{mentor}/office-hours/{office_hours}/cancel", mentor=mentor, office_hours=office_hours
                ),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.OfficeHoursCanceled,
        )

    def book_seat(self, mentor: str, office_hours: str, journey: str, *, by: str | None | Unset = UNSET) -> models.Seat:
        """Book a seat for the learner of a journey. 409: no seat is left."""
        return self._call(
            Call(
                "PUT",
                path(
                    "/v1/mentors/{mentor}/office-hours/{office_hours}/seats/{journey}",
                    mentor=mentor,
                    office_hours=office_hours,
                    journey=journey,
                ),
                **body({"by": by}),
            ),
            models.Seat,
        )

    def release_seat(self, mentor: str, office_hours: str, journey: str, *, by: str | None = None) -> models.Seat:
        """Release a learner's seat, so that somebody else can have it.

        - `by`: Who does this, such as ops:ana. Default: whoever the key is for.
        """
        return self._call(
            Call(
                "DELETE",
                path(
                    "/v1/mentors/{mentor}/office-hours/{office_hours}/seats/{journey}",
                    mentor=mentor,
                    office_hours=office_hours,
                    journey=journey,
                ),
                query=query(by=by),
            ),
            models.Seat,
        )
