"""The operations of `matching`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, path, query


class MatchingOperations(Connection):
    def get_rounds(self, program: str, *, limit: int | None = None) -> list[models.RoundRow]:
        """The rounds of a program, the latest first."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/rounds", program=program), query=query(limit=limit)),
            list[models.RoundRow],
        )

    def get_latest(self, program: str) -> models.RoundRecord:
        """The last round: its draft, and what became of each proposal. Personal data."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/rounds/latest", program=program)), models.RoundRecord
        )

    def get_round(self, program: str, number: int) -> models.RoundRecord:
        """A round: its draft, and what became of each proposal. Personal data.

        - `number`: the number of the round, from 1
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/rounds/{number}", program=program, number=number)),
            models.RoundRecord,
        )

    def get_verification(self, program: str, number: int) -> models.Verification:
        """Whether the stored certificate proves that the draft is the best there is, and whether calculating it again
                gives the same pairs.

        - `number`: the number of the round, from 1
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/rounds/{number}/verification", program=program, number=number)),
            models.Verification,
        )

    def get_explanation(self, program: str, number: int, learner: str) -> models.Explained:
        """Why a learner gets this mentor, and what every other choice would cost. Personal data.

        - `number`: the number of the round, from 1
        """
        return self._call(
            Call(
                "GET",
                path(
                    "/v1/programs/{program}/rounds/{number}/learners/{learner}",
                    program=program,
                    number=number,
                    learner=learner,
                ),
            ),
            models.Explained,
        )

    def get_what_if(self, program: str, number: int, learner: str, mentor: str) -> models.Imagined:
        """What it would cost everybody if the learner had this mentor, and who would move. Personal data.

        - `number`: the number of the round, from 1
        """
        return self._call(
            Call(
                "GET",
                path(
                    "/v1/programs/{program}/rounds/{number}/learners/{learner}/mentors/{mentor}",
                    program=program,
                    number=number,
                    learner=learner,
                    mentor=mentor,
                ),
            ),
            models.Imagined,
        )
