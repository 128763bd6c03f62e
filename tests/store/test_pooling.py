"""A pooler that hands sessions around is found out before anything relies on a session."""

from pathlib import Path

import pytest

from runtime.embedded.postgres import PostgresServer
from store.pooling import TransactionPooled, require_sessions
from tests.store.pooler import Pooler


@pytest.fixture
def socket(postgres: PostgresServer) -> Path:
    return postgres.folder / ".s.PGSQL.5432"


async def test_a_direct_connection_is_fine(dsn: str) -> None:
    await require_sessions(dsn)


async def test_a_pooler_by_session_is_fine(socket: Path, dsn: str) -> None:
    async with Pooler(socket, by_transaction=False).listening() as port:
        await require_sessions(_through(dsn, port))


async def test_a_pooler_by_transaction_is_refused(socket: Path, dsn: str) -> None:
    async with Pooler(socket, by_transaction=True).listening() as port:
        for _ in range(3):
            with pytest.raises(TransactionPooled, match=r"Use the direct address of the database"):
                await require_sessions(_through(dsn, port))


def _through(dsn: str, port: int) -> str:
    """The same database, by way of a port of this machine."""
    user, _, rest = dsn.removeprefix("postgresql://").partition("@")
    return f"postgresql://{user}@127.0.0.1:{port}/{rest.strip('/').partition('?')[0]}"
