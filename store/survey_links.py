"""The secret that links of surveys are signed with."""

import secrets
from typing import NamedTuple

from domain.survey.links import SECRET_BYTES
from store.database import Executor, query


class Secrets(NamedTuple):
    present: bytes
    """Signs."""
    previous: bytes | None
    """Links that were signed with it are valid too."""


async def known(executor: Executor) -> Secrets:
    """The same for every process, made at the first call."""
    return await _known(executor) or await _made(executor)


async def rotate(executor: Executor, *, keeping: bool) -> None:
    """Makes another one. `keeping`: links of the present one stay valid; those of one before it never do."""
    await executor.execute(query("survey_link_secret_rotate"), secrets.token_bytes(SECRET_BYTES), keeping)


async def _made(executor: Executor) -> Secrets:
    await executor.execute(query("survey_link_secret_make"), secrets.token_bytes(SECRET_BYTES))
    made = await _known(executor)  # of several that make one at the same time, the first is kept
    assert made
    return made


async def _known(executor: Executor) -> Secrets | None:
    row = await executor.fetchrow(query("survey_link_secret_get"))
    return Secrets(*row) if row else None
