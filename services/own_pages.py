"""Links to people's own pages: written for letters and for ops, read when somebody follows one, and revoked."""

from datetime import UTC, datetime

from domain.own_page import AlteredLink, OwnPage, OwnRole, claimed, page_until, require_signed, token_of
from domain.refusal import NotFound
from store import own_pages, people
from store.database import Pool

PAGE = "/my/"
"""The address of somebody's page is this and the link's text."""


class NoOwnPage(NotFound):
    def __init__(self, person: str) -> None:
        super().__init__(f"Nobody is known by the id {person!r}, so there is no page of theirs.")


class OwnPages:
    """`service` is where people reach this service, as in `https://trellis.example.org`."""

    def __init__(self, pool: Pool, service: str) -> None:
        self._pool = pool
        self._service = service

    async def link(self, role: OwnRole, person: str, at: datetime) -> str:
        """The whole address, for a letter about something that happened at this moment. The same all day."""
        return await self._address(page_until(role, person, at))

    async def link_to(self, person: str) -> tuple[str, OwnPage]:
        """A new link for ops to hand on. Raises NoOwnPage."""
        known = await people.get(self._pool, person)
        if known is None:
            raise NoOwnPage(person)
        page = page_until(known.kind, person, datetime.now(UTC))
        return await self._address(page), page

    def journey_page(self, journey: str) -> str:
        """The address of a journey's page for ops, who have to log in for it."""
        return f"{self._service}/journeys/{journey}"

    async def read(self, token: str) -> OwnPage:
        """Raises AlteredLink, also for a link that was revoked. A link that has expired is read like any other."""
        page = claimed(token)
        secret = await own_pages.known_secret(self._pool, page.person)
        if secret is None:
            raise AlteredLink
        require_signed(token, secret)
        return page

    async def revoke(self, person: str) -> None:
        """No link that was made for this person before leads anywhere any more. Raises NoOwnPage."""
        if await people.get(self._pool, person) is None:
            raise NoOwnPage(person)
        await own_pages.replace_secret(self._pool, person)

    async def _address(self, page: OwnPage) -> str:
        return f"{self._service}{PAGE}{token_of(page, await own_pages.secret(self._pool, page.person))}"
