"""The kits that journeys are pinned to, as projections need them."""

from collections.abc import Mapping
from typing import Self

from domain.kit import Kit
from store.database import Connection
from store.kits import load


class Kits:
    """The kits that one batch needs, by digest: `get` answers without I/O."""

    def __init__(self, kits: Mapping[str, Kit]) -> None:
        self._kits = kits

    @classmethod
    async def of(cls, connection: Connection, digests: set[str]) -> Self:
        """Raises MissingKit, KitNotReadable."""
        return cls({digest: await load(connection, digest) for digest in digests})

    def get(self, digest: str) -> Kit:
        return self._kits[digest]
