"""The operations of `names`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Sequence

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, path, query


class NamesOperations(Connection):
    def list_names(self, *, id: Sequence[str]) -> list[models.PersonName]:
        """The names of people. Those who are unknown are left out. Personal data.

        - `id`: of learners and mentors
        """
        return self._call(Call("GET", "/v1/names", query=query(id=id)), list[models.PersonName])

    def get_titles(self, program: str, digest: str) -> models.KitTitles:
        """The titles of the escalations of a version of a kit, for what is shown to people."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/kits/{digest}/titles", program=program, digest=digest)),
            models.KitTitles,
        )
