"""The operations of `people`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query, raw_body
from client.api.model import UNSET, Unset


class AsyncPeopleOperations(AsyncConnection):
    async def list_people(
        self, *, kind: Literal["learner", "mentor"] | None = None, after: str | None = None, limit: int | None = None
    ) -> models.PeoplePage:
        """List people, by id. Personal data. For keys that are for all programs.

        - `after`: The `next` of the previous page.
        """
        return await self._call(
            Call("GET", "/v1/people", query=query(kind=kind, after=after, limit=limit)), models.PeoplePage
        )

    def iterate_people(
        self, *, kind: Literal["learner", "mentor"] | None = None, limit: int | None = None
    ) -> AsyncIterator[models.PersonRecord]:
        """The items of all pages of `list_people`, read one page at a time."""
        return self._items(
            lambda after: self.list_people(kind=kind, limit=limit, after=after), lambda page: (page.people, page.next)
        )

    async def get_person(self, person: str) -> models.PersonRecord:
        """Who somebody is: name, address, time zone, and stored answers. Personal data."""
        return await self._call(Call("GET", path("/v1/people/{person}", person=person)), models.PersonRecord)

    async def put_person(
        self,
        person: str,
        *,
        kind: Literal["learner", "mentor"],
        name: str,
        email: str | None | Unset = UNSET,
        time_zone: str | None | Unset = UNSET,
        answers: Mapping[str, str | float | Sequence[str]] | None | Unset = UNSET,
    ) -> models.PersonStored:
        """Add somebody, or replace their name, address and time zone. For keys that are for all programs.

        409: the id belongs to somebody of the other kind.
        """
        return await self._call(
            Call(
                "PUT",
                path("/v1/people/{person}", person=person),
                **body({"email": email, "time_zone": time_zone, "kind": kind, "name": name, "answers": answers}),
            ),
            models.PersonStored,
        )

    async def import_people(
        self,
        content: str | bytes | Iterable[bytes],
        *,
        program: str,
        dry_run: bool | None = None,
        content_type: Literal["text/csv", "application/x-ndjson"] = "text/csv",
    ) -> models.PeopleImported:
        """Store all learners in a table, or none of them, without enrolling them. docs/people.md lists its columns.

        For keys that are for all programs. Mentors: `import_mentors`.

        - `program`: Whose intake the answers in the table belong to.
        """
        return await self._call(
            Call(
                "POST",
                "/v1/imports/people",
                query=query(program=program, dry_run=dry_run),
                **raw_body(content, content_type),
            ),
            models.PeopleImported,
        )

    async def make_own_page_link(self, person: str) -> models.OwnPageLink:
        """Make a link to somebody's own page, as their letters have it. Whoever has it acts as that person: give it to
        them alone. Personal data.
        """
        return await self._call(Call("POST", path("/v1/people/{person}/page", person=person)), models.OwnPageLink)

    async def revoke_own_page_links(self, person: str) -> models.OwnPageLinksRevoked:
        """Make all links to somebody's own page invalid that exist so far, also those in letters. The next letter has
        one that works.
        """
        return await self._call(
            Call("DELETE", path("/v1/people/{person}/page", person=person)), models.OwnPageLinksRevoked
        )
