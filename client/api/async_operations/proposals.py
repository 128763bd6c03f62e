"""The operations of `proposals`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class AsyncProposalsOperations(AsyncConnection):
    async def list_proposals(
        self,
        *,
        program: str | None = None,
        status: Sequence[Literal["proposed", "accepted", "declined", "tried", "kept", "dropped"]] | None = None,
        owner: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.ProposalPage:
        """List proposals, the latest first.

        - `status`: Any of these.
        - `after`: The `next` of the previous page.
        """
        return await self._call(
            Call(
                "GET",
                "/v1/proposals",
                query=query(program=program, status=status, owner=owner, after=after, limit=limit),
            ),
            models.ProposalPage,
        )

    def iterate_proposals(
        self,
        *,
        program: str | None = None,
        status: Sequence[Literal["proposed", "accepted", "declined", "tried", "kept", "dropped"]] | None = None,
        owner: str | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.ProposalRow]:
        """The items of all pages of `list_proposals`, read one page at a time."""
        return self._items(
            lambda after: self.list_proposals(program=program, status=status, owner=owner, limit=limit, after=after),
            lambda page: (page.rows, page.next),
        )

    async def get_proposal(self, proposal: str) -> models.ProposalRecord:
        """A proposal with its words, its evidence, and all that was decided about it. Personal data.

        - `proposal`: the id of the proposal
        """
        return await self._call(Call("GET", path("/v1/proposals/{proposal}", proposal=proposal)), models.ProposalRecord)

    async def make_proposal(
        self,
        program: str,
        *,
        title: str,
        by: str | None | Unset = UNSET,
        text: str | None = None,
        evidence: Sequence[models.Evidence] | None = None,
        owner: str | None | Unset = UNSET,
    ) -> models.ProposalRecord:
        """Propose to change the program. Nothing changes by that. If its latest proposal says the very same, the
        answer is that one.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/proposals", program=program),
                **body(
                    {
                        "by": by,
                        "title": title,
                        "text": UNSET if text is None else text,
                        "evidence": UNSET if evidence is None else evidence,
                        "owner": owner,
                    }
                ),
            ),
            models.ProposalRecord,
        )

    async def decide_proposal(
        self, proposal: str, *, decision: Literal["accepted", "declined"], reason: str, by: str | None | Unset = UNSET
    ) -> models.ProposalRecord:
        """Accept or decline a proposal, for a reason. It may be decided otherwise until it is tried.

        - `proposal`: the id of the proposal
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/proposals/{proposal}/decide", proposal=proposal),
                **body({"by": by, "decision": decision, "reason": reason}),
            ),
            models.ProposalRecord,
        )

    async def try_proposal(
        self,
        proposal: str,
        *,
        by: str | None | Unset = UNSET,
        version: str | None | Unset = UNSET,
        cohort: str | None | Unset = UNSET,
    ) -> models.ProposalRecord:
        """Say where an accepted proposal is in effect: in which version of the kit, or in which group.

        - `proposal`: the id of the proposal
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/proposals/{proposal}/try", proposal=proposal),
                **body({"by": by, "version": version, "cohort": cohort}),
            ),
            models.ProposalRecord,
        )

    async def keep_proposal(
        self, proposal: str, *, reason: str, by: str | None | Unset = UNSET
    ) -> models.ProposalRecord:
        """Say that what was tried stays, and what came of it.

        - `proposal`: the id of the proposal
        """
        return await self._call(
            Call(
                "POST", path("/v1/proposals/{proposal}/keep", proposal=proposal), **body({"by": by, "reason": reason})
            ),
            models.ProposalRecord,
        )

    async def drop_proposal(
        self, proposal: str, *, reason: str, by: str | None | Unset = UNSET
    ) -> models.ProposalRecord:
        """Give a proposal up, and say why.

        - `proposal`: the id of the proposal
        """
        return await self._call(
            Call(
                "POST", path("/v1/proposals/{proposal}/drop", proposal=proposal), **body({"by": by, "reason": reason})
            ),
            models.ProposalRecord,
        )

    async def assign_proposal(
        self, proposal: str, *, owner: str, by: str | None | Unset = UNSET
    ) -> models.ProposalRecord:
        """Let somebody else see to a proposal.

        - `proposal`: the id of the proposal
        """
        return await self._call(
            Call(
                "POST", path("/v1/proposals/{proposal}/assign", proposal=proposal), **body({"by": by, "owner": owner})
            ),
            models.ProposalRecord,
        )
