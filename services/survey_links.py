"""Links to the forms of surveys: written for letters and for ops, and read when somebody follows one."""

import time

from domain.survey.links import AlteredLink, SurveyLink, link_of, token_of
from store import survey_links
from store.database import Pool
from store.survey_links import Secrets

PAGE = "/surveys/"
"""The address of a form is this and the link's text."""
_BELIEVED_SECONDS = 60.0
"""For so long, a secret is used after it was replaced or deleted."""
_DOUBTED_SECONDS = 2.0
"""So soon it is read again for a link that does not fit: another process may have replaced it. A flood of wrong links
reaches Postgres no more often."""


class SurveyLinks:
    """`service` is where people reach this service, as in `https://trellis.example.org`."""

    def __init__(self, pool: Pool, service: str) -> None:
        self._pool = pool
        self._service = service
        self._secrets: tuple[float, Secrets] | None = None

    async def link(self, to: SurveyLink) -> str:
        """The whole address. The same for the same request every time, while the secret and the service stay."""
        return f"{self._service}{PAGE}{token_of(to, (await self._current(_BELIEVED_SECONDS)).present)}"

    async def read(self, token: str) -> SurveyLink:
        """Raises AlteredLink. A link that has expired is read like any other."""
        try:
            return _read(token, await self._current(_BELIEVED_SECONDS))
        except AlteredLink:
            return _read(token, await self._current(_DOUBTED_SECONDS))

    async def rotate(self, *, keeping: bool) -> None:
        """Signs with another secret from now on; other processes do within a minute. `keeping`: links that were sent
        stay valid until they expire, unless the secret was replaced before since they were sent."""
        await survey_links.rotate(self._pool, keeping=keeping)
        self._secrets = None

    async def _current(self, believed: float) -> Secrets:
        if self._secrets is None or time.monotonic() >= self._secrets[0] + believed:
            self._secrets = (time.monotonic(), await survey_links.known(self._pool))
        return self._secrets[1]


def _read(token: str, secrets: Secrets) -> SurveyLink:
    try:
        return link_of(token, secrets.present)
    except AlteredLink:
        if secrets.previous is None:
            raise
        return link_of(token, secrets.previous)
