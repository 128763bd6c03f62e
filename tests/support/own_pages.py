"""The links of people to their own pages."""

from datetime import UTC, datetime

from domain.own_page import OwnRole
from services.own_pages import OwnPages
from store.database import Pool


async def own_page(pool: Pool, role: OwnRole, person: str, at: datetime | None = None) -> str:
    """The path, by a link that was made `at`; now unless given."""
    return await OwnPages(pool, "").link(role, person, at or datetime.now(UTC))
