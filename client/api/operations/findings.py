"""The operations of `findings`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class FindingsOperations(Connection):
    def list_findings(
        self,
        *,
        program: str | None = None,
        standing: Literal["open", "confirmed", "dismissed"] | None = None,
        detector: str | None = None,
        mentor: str | None = None,
        journey: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.FindingPage:
        """List findings, the latest first, without what was written.

        - `after`: The `next` of the previous page.
        """
        return self._call(
            Call(
                "GET",
                "/v1/findings",
                query=query(
                    program=program,
                    standing=standing,
                    detector=detector,
                    mentor=mentor,
                    journey=journey,
                    after=after,
                    limit=limit,
                ),
            ),
            models.FindingPage,
        )

    def iterate_findings(
        self,
        *,
        program: str | None = None,
        standing: Literal["open", "confirmed", "dismissed"] | None = None,
        detector: str | None = None,
        mentor: str | None = None,
        journey: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.FindingRow]:
        """The items of all pages of `list_findings`, read one page at a time."""
        return self._items(
            lambda after: self.list_findings(
                program=program,
                standing=standing,
                detector=detector,
                mentor=mentor,
                journey=journey,
                limit=limit,
                after=after,
            ),
            lambda page: (page.rows, page.next),
        )

    def get_finding(self, finding: str) -> models.FindingRecord:
        """A finding with its reason and what it was found in. Personal data.

        - `finding`: the id of the finding
        """
        return self._call(Call("GET", path("/v1/findings/{finding}", finding=finding)), models.FindingRecord)

    def confirm_finding(
        self, finding: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.FindingRecord:
        """Say that the detector is right. The mentor reads it from then on, with the kind words of the kit.

        - `finding`: the id of the finding
        """
        return self._call(
            Call(
                "POST",
                path("/v1/findings/{finding}/confirm", finding=finding),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.FindingRecord,
        )

    def dismiss_finding(self, finding: str, *, reason: str, by: str | None | Unset = UNSET) -> models.FindingRecord:
        """Say that the detector is wrong here, or that it helps nobody. The mentor never sees it.

        - `finding`: the id of the finding
        """
        return self._call(
            Call("POST", path("/v1/findings/{finding}/dismiss", finding=finding), **body({"by": by, "reason": reason})),
            models.FindingRecord,
        )

    def look_for_findings(self, program: str, *, days: int | None = None) -> models.Looked:
        """Let the detectors look now, besides the looks of the program's schedule.

        - `days`: How many days back the sessions reach.
        """
        return self._call(
            Call("POST", path("/v1/programs/{program}/findings", program=program), query=query(days=days)),
            models.Looked,
        )

    def list_detectors(self, program: str) -> list[models.DetectorRecord]:
        """The detectors of a program, and how often people found each of them right."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/detectors", program=program)), list[models.DetectorRecord]
        )

    def get_drift(self, program: str, *, days: int | None = None) -> list[models.Drift]:
        """Mentors whose figures lie outside of what chance explains, by id: a reason to talk, and no ranking.

        - `days`: How many days back the sessions reach.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/drift", program=program), query=query(days=days)),
            list[models.Drift],
        )

    def get_coaching(
        self, mentor: str, *, program: str | None = None, limit: int | None = None
    ) -> list[models.Coaching]:
        """What was confirmed in a mentor's own sessions, with the kind words of the kit, the latest first."""
        return self._call(
            Call(
                "GET", path("/v1/mentors/{mentor}/coaching", mentor=mentor), query=query(program=program, limit=limit)
            ),
            list[models.Coaching],
        )
