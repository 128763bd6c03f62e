"""What a process cannot serve without, and what waits for a person: the answers of /readyz."""

from collections.abc import Mapping

from temporalio.client import Client

from projections.registry import PROJECTIONS
from projections.status import statuses
from runtime.health import Check
from services import diagnosis
from store import webhooks
from store.database import Pool


def checks(pool: Pool, client: Client, *, with_views: bool) -> Mapping[str, Check]:
    """What this process cannot serve without. `with_views`: it serves pages and the API."""

    async def postgres() -> str | None:
        await pool.fetchval("select 1")
        return None

    async def views() -> str | None:
        live = {one.name for one in await statuses(pool) if one.status == "live"}
        missing = sorted(PROJECTIONS.keys() - live)
        return f"not built yet: {', '.join(missing)}" if missing else None

    async def temporal() -> str | None:
        return None if await client.service_client.check_health() else "it says that it is not serving"

    readers = {"views": views} if with_views else {}
    return {"postgres": postgres, "temporal": temporal, **readers}


def concerns(pool: Pool) -> Mapping[str, Check]:
    """What waits for a person and keeps no process from serving. To add one, add an entry here."""

    async def views() -> str | None:
        stopped = [one for one in await statuses(pool) if one.status == "live" and one.stopped_at is not None]
        places = ", ".join(f"{one.name} at position {one.stopped_at}" for one in stopped)
        remedy = "`trellis projections` shows why; retry, park or skip decide"
        return f"stopped at an event that cannot be applied: {places}; {remedy}" if stopped else None

    async def of_webhooks() -> str | None:
        disabled = [one.webhook for one in await webhooks.listed(pool) if one.disabled_by == webhooks.SYSTEM]
        remedy = "`trellis webhooks show` says why; `trellis webhooks enable` goes on where it was"
        return f"disabled, since their receivers accept nothing: {', '.join(disabled)}; {remedy}" if disabled else None

    return {"views": views, "webhooks": of_webhooks, **diagnosis.concerns(pool)}


async def building(pool: Pool) -> dict[str, float]:
    """The views that are being built, with how much of each is done."""
    return {one.name: one.built or 0.0 for one in await statuses(pool) if one.status == "building"}
