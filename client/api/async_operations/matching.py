"""The operations of `matching`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class AsyncMatchingOperations(AsyncConnection):
    async def list_rounds(self, program: str, *, limit: int | None = None) -> list[models.RoundRow]:
        """The rounds of a program, the latest first."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/rounds", program=program), query=query(limit=limit)),
            list[models.RoundRow],
        )

    async def begin_round(self, program: str) -> models.RoundStatus:
        """Begin a round for everybody who waits. Answers when its draft is made; nothing is sent until it is released.

        409: a round of the program is open, or nobody waits.
        """
        return await self._call(
            Call("POST", path("/v1/programs/{program}/rounds", program=program)), models.RoundStatus
        )

    async def get_latest_round(self, program: str) -> models.RoundRecord:
        """The last round: its draft, and what became of each proposal. Personal data."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/rounds/latest", program=program)), models.RoundRecord
        )

    async def get_round(self, program: str, number: int) -> models.RoundRecord:
        """A round: its draft, and what became of each proposal. Personal data.

        - `number`: the number of the round, from 1
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/rounds/{number}", program=program, number=number)),
            models.RoundRecord,
        )

    async def verify_round(self, program: str, number: int) -> models.Verification:
        """Whether the stored certificate proves that the draft is the best there is, and whether calculating it again
        gives the same pairs.

        - `number`: the number of the round, from 1
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/rounds/{number}/verification", program=program, number=number)),
            models.Verification,
        )

    async def explain_match(self, program: str, number: int, learner: str) -> models.Explained:
        """Why a learner gets this mentor, and what every other choice would cost. Personal data.

        - `number`: the number of the round, from 1
        """
        return await self._call(
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

    async def imagine_match(self, program: str, number: int, learner: str, mentor: str) -> models.Imagined:
        """What it would cost everybody if the learner had this mentor, and who would move. Personal data.

        - `number`: the number of the round, from 1
        """
        return await self._call(
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

    async def pin_pair(
        self, program: str, *, learner: str, mentor: str, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.RoundStatus:
        """Give a learner this mentor in the next draft, unless a rule forbids it."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/pin", program=program),
                **body({"by": by, "reason": UNSET if reason is None else reason, "learner": learner, "mentor": mentor}),
            ),
            models.RoundStatus,
        )

    async def unpin_pair(
        self, program: str, *, learner: str, mentor: str, by: str | None | Unset = UNSET
    ) -> models.RoundStatus:
        """Undo a pin."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/unpin", program=program),
                **body({"by": by, "learner": learner, "mentor": mentor}),
            ),
            models.RoundStatus,
        )

    async def forbid_pair(
        self, program: str, *, learner: str, mentor: str, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.RoundStatus:
        """Keep a learner and a mentor apart in this round."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/forbid", program=program),
                **body({"by": by, "reason": UNSET if reason is None else reason, "learner": learner, "mentor": mentor}),
            ),
            models.RoundStatus,
        )

    async def allow_pair(
        self, program: str, *, learner: str, mentor: str, by: str | None | Unset = UNSET
    ) -> models.RoundStatus:
        """Allow again what was forbidden in this round."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/allow", program=program),
                **body({"by": by, "learner": learner, "mentor": mentor}),
            ),
            models.RoundStatus,
        )

    async def draft_again(self, program: str, *, by: str | None | Unset = UNSET) -> models.RoundStatus:
        """Make the draft of the open round anew, from whoever waits now. Answers when it is made."""
        return await self._call(
            Call("POST", path("/v1/programs/{program}/rounds/open/again", program=program), **body({"by": by})),
            models.RoundStatus,
        )

    async def release_round(
        self, program: str, *, by: str | None | Unset = UNSET, draft: int | None | Unset = UNSET
    ) -> models.RoundStatus:
        """Release the draft: each learner's journey gets its proposal, or its match where the kit asks nobody.

        It goes on in the background; `get_round` tells how far it is.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/release", program=program),
                **body({"by": by, "draft": draft}),
            ),
            models.RoundStatus,
        )

    async def discard_round(
        self, program: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.RoundStatus:
        """End the open round without sending anything."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/open/discard", program=program),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.RoundStatus,
        )

    async def take_back_round(
        self, program: str, number: int, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.RoundStatus:
        """Take a released round back: withdraw every proposal that nobody has accepted yet.

        Answers when everything is withdrawn that can be. Matches and accepted proposals stay.

        - `number`: the number of the round, from 1
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/rounds/{number}/take-back", program=program, number=number),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.RoundStatus,
        )

    async def list_all_rounds(self, *, program: str | None = None, limit: int | None = None) -> list[models.RoundRow]:
        """The rounds of all programs, or of one, the latest first."""
        return await self._call(
            Call("GET", "/v1/rounds", query=query(program=program, limit=limit)), list[models.RoundRow]
        )

    async def explain_latest_match(
        self, learner: str, *, program: str | None = None, round: int | None = None
    ) -> models.Explained:
        """Why a learner gets this mentor, in the last round that has them in its draft. Personal data.

        - `round`: The number of a round. Default: the last.
        """
        return await self._call(
            Call("GET", path("/v1/matches/{learner}", learner=learner), query=query(program=program, round=round)),
            models.Explained,
        )

    async def imagine_latest_match(
        self, learner: str, mentor: str, *, program: str | None = None, round: int | None = None
    ) -> models.Imagined:
        """What it would cost everybody if the learner had this mentor, in the last round with them. Personal data.

        - `round`: The number of a round. Default: the last.
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/matches/{learner}/mentors/{mentor}", learner=learner, mentor=mentor),
                query=query(program=program, round=round),
            ),
            models.Imagined,
        )
