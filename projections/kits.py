"""The kits that journeys are pinned to, as projections need them: decoded once, and kept, since they never change."""

from domain.kit import Kit
from store.database import Connection
from store.kits import by_digest


class MissingKit(Exception):
    """A journey is pinned to a kit that was never published here."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"kit {digest} is not in the kits table: publish it again, then retry the projection")
        self.digest = digest


class Kits:
    """Kits by digest. `load` first, in the batch's transaction; then `get` answers without I/O."""

    def __init__(self) -> None:
        self._kits: dict[str, Kit] = {}

    async def load(self, connection: Connection, digests: set[str]) -> None:
        """Raises MissingKit."""
        for digest in digests - self._kits.keys():
            published = await by_digest(connection, digest)
            if published is None:
                raise MissingKit(digest)
            self._kits[digest] = Kit.model_validate_json(published.body)

    def get(self, digest: str) -> Kit:
        return self._kits[digest]
