"""Projections at the same position follow the log together: one read and one transaction for each step."""

from dataclasses import dataclass

from projections.follower import (
    LARGEST_BATCH,
    CannotGoOn,
    Member,
    Moved,
    SignsOfLife,
    Stopped,
    UpToDate,
    advance,
    is_due,
)
from store.database import Connection


@dataclass(frozen=True, slots=True)
class Left:
    """This member has left the group for this reason. The step was rolled back; the next one is without it."""

    member: Member
    because: Exception | Stopped


class Group:
    """Follows the log for its members, on one connection, which nobody else may use while it does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._members: dict[str, Member] = {}
        self._signs = SignsOfLife()

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(self._members.values())

    def join(self, member: Member) -> None:
        """It should be almost up to date: the others wait until it has reached their position."""
        self._members[member.name] = member

    async def step(self) -> Moved | UpToDate | Left:
        """A member that was deposed, has stopped, or cannot apply an event leaves: nobody else stops with it."""
        try:
            return await advance(self._connection, self.members, LARGEST_BATCH)
        except CannotGoOn as found:
            del self._members[found.member.name]
            return Left(found.member, found.cause)

    async def is_due(self) -> bool:
        """Whether a step would find more than the last one, which found nothing to do. Only reads."""
        return await is_due(self._connection, self.members)

    async def sign_of_life(self) -> None:
        """To be called often."""
        await self._signs.give(self._connection, self.members)
