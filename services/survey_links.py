"""Links to the forms of surveys: written for letters and for ops, and read when somebody follows one."""

import time

from domain.survey.links import SurveyLink, link_of, token_of
from store import survey_links
from store.database import Pool

PAGE = "/surveys/"
"""The address of a form is this and the link's text."""
_BELIEVED_SECONDS = 60.0
"""For so long, a secret is used after somebody has deleted it, so that no flood of wrong links reaches Postgres."""


class SurveyLinks:
    """`service` is where people reach this service, as in `https://trellis.example.org`."""

    def __init__(self, pool: Pool, service: str) -> None:
        self._pool = pool
        self._service = service
        self._secret: tuple[float, bytes] | None = None

    async def link(self, to: SurveyLink) -> str:
        """The whole address. The same for the same request every time, while the secret and the service stay."""
        return f"{self._service}{PAGE}{token_of(to, await self._current())}"

    async def read(self, token: str) -> SurveyLink:
        """Raises AlteredLink. A link that has expired is read like any other."""
        return link_of(token, await self._current())

    async def _current(self) -> bytes:
        if self._secret is None or time.monotonic() >= self._secret[0]:
            self._secret = (time.monotonic() + _BELIEVED_SECONDS, await survey_links.secret(self._pool))
        return self._secret[1]
