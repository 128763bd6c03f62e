"""The operations of `growth`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, path


class GrowthOperations(Connection):
    def get_growth(self, program: str) -> models.GrowthReadiness:
        """Every rule of growth in the newest kit, with what it asks and what there is.

        Opening enrollment for many places asks the same.
        """
        return self._call(Call("GET", path("/v1/programs/{program}/growth", program=program)), models.GrowthReadiness)
