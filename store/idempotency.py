"""Requests that came with an Idempotency-Key: who handles them, and what they were answered with, for a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID, uuid4

from pydantic_core import from_json, to_json

from store.database import Pool, query

CLAIM = timedelta(seconds=15)
"""How long a request stays claimed that nobody renews: after that, a repeat is handled like the first."""
KEPT = timedelta(hours=24)
_FORGET_EVERY = 100
"""Claims of this process, between two looks for what is too old."""


@dataclass(frozen=True, slots=True)
class Request:
    """`owner` and `key` name it; a repeat has the same `digest`."""

    owner: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    request: Request
    id: UUID = field(default_factory=uuid4)

    @property
    def place(self) -> tuple[str, str, UUID]:
        return self.request.owner, self.request.key, self.id


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Taken(Enum):
    """Why a request cannot be claimed."""

    UNDER_WAY = auto()
    """It is being handled."""
    BY_ANOTHER = auto()
    """The key came with another request before."""


class Requests:
    """Stateless but for a count: any number of these may be used at once, in any number of processes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._claims = 0

    async def claim(self, request: Request) -> Claim | Answered | Taken:
        """A claim lasts for `CLAIM`, unless it is renewed, answered or released."""
        self._claims += 1
        if self._claims % _FORGET_EVERY == 0:
            await self._pool.execute(query("requests_forget"), KEPT)
        claim = Claim(request)
        if await self._pool.fetchval(query("request_claim"), *_placed(claim, request.digest), CLAIM, KEPT):
            return claim
        found = await self._pool.fetchrow(query("request_get"), request.owner, request.key)
        if found is None:  # released between the two statements
            return Taken.UNDER_WAY
        if found["digest"] != request.digest:
            return Taken.BY_ANOTHER
        if found["status"] is None:
            return Taken.UNDER_WAY
        return Answered(found["status"], from_json(found["headers"]), found["body"])

    async def renew(self, claim: Claim) -> None:
        await self._pool.execute(query("request_renew"), *claim.place, CLAIM)

    async def answer(self, claim: Claim, answered: Answered) -> None:
        """Keeps the answer for repeats. Does nothing where the claim ran out and somebody else has it."""
        headers = to_json(answered.headers).decode()
        await self._pool.execute(query("request_answer"), *claim.place, answered.status, headers, answered.body)

    async def release(self, claim: Claim) -> None:
        """A repeat is handled like the first."""
        await self._pool.execute(query("request_release"), *claim.place)


def _placed(claim: Claim, digest: bytes) -> tuple[str, str, bytes, UUID]:
    owner, key, id_ = claim.place
    return owner, key, digest, id_
