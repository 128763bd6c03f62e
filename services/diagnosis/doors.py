"""How others come in: HTTP on this machine, and the keys."""

import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from domain.values import together
from services import keys, local_key
from services.diagnosis.finding import Finding, broken, needs_a_person, number, ok
from services.diagnosis.machine import trellis_version
from settings import Settings
from store import keys as stored
from store import kits
from store.database import Pool
from store.errors import KitNotReadable
from store.keys import StoredKey
from store.kits import PublishedKit

_SECONDS = 5.0
_SLOW_SECONDS = 1.0
_SOON = timedelta(days=14)
_LATELY = timedelta(days=7)


async def http_findings(settings: Settings) -> list[Finding]:
    """Whether HTTP answers on this machine, and what it says of itself."""
    url = settings.http_url
    if url is None:
        return [ok("HTTP", "turned off here (TRELLIS_HTTP_PORT=0)")]
    async with httpx2.AsyncClient(base_url=url, timeout=_SECONDS) as client:
        began = perf_counter()
        try:
            ready = await client.get("/readyz")
            took = perf_counter() - began
            said = ready.json() if ready.status_code in {200, 503} else None
        except httpx2.TimeoutException:
            return [broken("HTTP", f"{url} does not answer within {_SECONDS:.0f} s", "restart the process there")]
        except httpx2.TransportError:
            return [_nobody(settings, url)]
        except ValueError:
            said = None
        if not isinstance(said, dict) or "ready" not in said:
            return [
                broken(
                    "HTTP",
                    f"something else than Trellis answers at {url}",
                    "stop it, or set TRELLIS_HTTP_PORT to a port that is free",
                )
            ]
        return [_ready(url, said.get("problems", {}), took), *await _version(client, settings, url)]


def _nobody(settings: Settings, url: str) -> Finding:
    """Elsewhere HTTP may be served by another machine."""
    if settings.database_url:
        return ok("HTTP", f"no process of this machine answers at {url}")
    return broken("HTTP", f"nobody listens at {url}", "run everything here with `trellis up`")


def _ready(url: str, problems: dict[str, str], took: float) -> Finding:
    if problems:
        told = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
        return broken("HTTP", f"{url} answers but cannot serve: {told}", "see the other lines: they say what to do")
    if took > _SLOW_SECONDS:
        return needs_a_person(
            "HTTP",
            f"{url} took {took:.1f} s to say that it is ready",
            "check the load of the machine, and `trellis_database_connections` at /metrics",
        )
    return ok("HTTP", f"ready at {url}, in {1000 * took:.0f} ms")


async def _version(client: httpx2.AsyncClient, settings: Settings, url: str) -> list[Finding]:
    """A process that was not restarted after an upgrade runs the release before."""
    key = local_key.read(settings.key_file)
    try:
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {key}"} if key else {})
    except httpx2.TransportError:
        return []  # what is wrong with it was found before
    running = build_of(answer.text) if answer.status_code == 200 else None
    here = trellis_version()
    if running and running != here:
        return [
            needs_a_person(
                "version of HTTP",
                f"{url} runs Trellis {running}, and this is {here}",
                "restart the process that serves it",
            )
        ]
    return []


def build_of(metrics: str) -> str | None:
    """The version of Trellis, by what a process says at /metrics."""
    for family in text_string_to_metric_families(metrics):
        if family.name == "trellis_build_info":
            return next((one.labels.get("version") for one in family.samples), None)
    return None


async def link_findings(pool: Pool, settings: Settings) -> list[Finding]:
    """Whether people can open the links in their letters, where a program asks them anything."""
    asking = [one.program for one in await kits.programs(pool) if _asks(one)]
    if not asking:
        return []
    if settings.public_url or settings.messages not in {"smtp", "webhook"}:
        return [ok("links", f"those in letters lead to {settings.service_url}")]
    return [
        needs_a_person(
            "links",
            f"surveys of {together(asking)} are sent with links to {settings.service_url}, which other machines cannot "
            "open",
            "set TRELLIS_PUBLIC_URL to where people reach this service",
        )
    ]


def _asks(published: PublishedKit) -> bool:
    try:
        return kits.read(published).asking is not None
    except KitNotReadable:
        return False  # the line about kits says so


async def key_findings(pool: Pool, settings: Settings) -> list[Finding]:
    known = await stored.listed(pool)
    found = [*_expiring(known, datetime.now(UTC)), *await _local(pool, settings)]
    if found:
        return found
    valid = [one for one in known if one.hashes_at(datetime.now(UTC))]
    if not valid:
        return [ok("keys", "none, so that nobody can use the API; to make one: trellis keys make NAME --role ROLE")]
    return [ok("keys", f"{number(len(valid), 'valid key')}; none in use expires within {_SOON.days} days")]


def _expiring(known: Sequence[StoredKey], now: datetime) -> list[Finding]:
    found = []
    for one in known:
        if one.revoked_at or not one.expires_at or not one.used_at:
            continue  # nobody misses it
        remedy = (
            f"`trellis keys make {one.name} --role {one.role}` makes another; give it to whoever uses this one, and "
            f"revoke it with `trellis keys revoke {one.key_id}`"
        )
        if now < one.expires_at < now + _SOON:
            left = max((one.expires_at - now).days, 0)
            says = f"key {one.key_id} ({one.name}) expires in {number(left, 'day')}"
            found.append(needs_a_person("keys", says, remedy))
        elif now - _LATELY < one.expires_at <= now and one.expires_at - one.used_at < timedelta(days=1):
            says = f"key {one.key_id} ({one.name}) has expired, and was in use until then"
            found.append(needs_a_person("keys", says, remedy))
    return found


async def _local(pool: Pool, settings: Settings) -> list[Finding]:
    """The key of `trellis up`, where this is its machine."""
    file = settings.key_file.absolute()
    if settings.database_url:
        return []
    if not file.exists():
        return [broken("key of trellis up", f"there is none in {file}", "start `trellis up` again")]
    if (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
        says = f"others can read {file} (mode {mode:o})"
        return [needs_a_person("key of trellis up", says, f"`chmod 600 {file}`, then rotate it: `trellis keys rotate`")]
    return await _valid(pool, file)


async def _valid(pool: Pool, file: Path) -> list[Finding]:
    if await keys.Keyring(pool).caller_with_key(local_key.read(file) or ""):
        return []
    return [
        broken(
            "key of trellis up",
            f"the key in {file} is not valid: it has expired, was revoked, or is of another database",
            "start `trellis up` again, which makes another",
        )
    ]
