"""The secret that links of surveys are signed with."""

import secrets

from domain.survey.links import SECRET_BYTES
from store.database import Executor, query


async def secret(executor: Executor) -> bytes:
    """The same for every process, made at the first call."""
    return await _known(executor) or await _made(executor)


async def _made(executor: Executor) -> bytes:
    await executor.execute(query("survey_link_secret_make"), secrets.token_bytes(SECRET_BYTES))
    made = await _known(executor)  # of several that make one at the same time, the first is kept
    assert made
    return made


async def _known(executor: Executor) -> bytes | None:
    found: bytes | None = await executor.fetchval(query("survey_link_secret_get"))
    return found
