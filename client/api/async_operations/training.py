"""The operations of `training`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path
from client.api.model import UNSET, Unset


class AsyncTrainingOperations(AsyncConnection):
    async def get_training(self, program: str) -> models.Standing:
        """Every mentor's progress through the training of the program's newest kit. Personal data."""
        return await self._call(Call("GET", path("/v1/programs/{program}/training", program=program)), models.Standing)

    async def get_training_of_mentor(self, program: str, mentor: str) -> models.Trained:
        """One mentor's progress through the training of the program's newest kit."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/training/{mentor}", program=program, mentor=mentor)),
            models.Trained,
        )

    async def acknowledge_training(
        self, program: str, mentor: str, step: str, *, by: str | None | Unset = UNSET
    ) -> models.Acknowledged:
        """Record that a mentor has completed a step: the name of its text in the kit. Repeating it changes nothing."""
        return await self._call(
            Call(
                "PUT",
                path("/v1/programs/{program}/training/{mentor}/{step}", program=program, mentor=mentor, step=step),
                **body({"by": by}),
            ),
            models.Acknowledged,
        )
