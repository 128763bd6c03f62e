"""The machines: room on disks, clocks, versions."""

import platform
import shutil
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client

from services.diagnosis.finding import Finding, ago, broken, needs_a_person, ok
from settings import Settings
from store.database import Pool, query

_GB = 1024**3
_LITTLE_BYTES, _LITTLE_SHARE, _NONE_BYTES = 2 * _GB, 0.05, _GB // 4
_SLOT_BYTES = _GB
_OFF_SECONDS = 2.0
"""More than that, and times that people set are visibly wrong."""
_OLD_TRANSACTIONS = 1_500_000_000
"""Of 2,100,000,000, at which Postgres stops writing."""
_OLDEST_POSTGRES = 14


async def disk_findings(settings: Settings) -> list[Finding]:
    """Of the folder of the embedded servers. Nobody here sees the disk of another machine."""
    folder = settings.data_folder if settings.data_folder.exists() else Path.cwd()
    usage = shutil.disk_usage(folder)
    return [room(folder, usage.free, usage.total)]


def room(folder: Path, free: int, total: int) -> Finding:
    says = f"{_size(free)} of {_size(total)} free in {folder.absolute()}"
    remedy = "make room: a full disk stops Postgres and Temporal; `du -sh *` there says what takes it"
    if free < _NONE_BYTES:
        return broken("disk", says, remedy)
    if free < min(_LITTLE_BYTES, total * _LITTLE_SHARE):
        return needs_a_person("disk", says, remedy)
    return ok("disk", says)


async def storage_findings(pool: Pool) -> list[Finding]:
    """What fills the disk of Postgres, or stops it from writing."""
    row = await pool.fetchrow(query("storage"))
    assert row is not None, "it always answers"
    slots = [
        f"{one['slot_name']} ({_size(one['bytes'])})" for one in await pool.fetch(query("idle_slots"), _SLOT_BYTES)
    ]
    if slots:
        return [
            needs_a_person(
                "storage",
                f"replication slots that nobody reads keep the write-ahead log from being removed: {', '.join(slots)}",
                "start their consumer, or drop them: `select pg_drop_replication_slot('NAME')`",
            )
        ]
    if row["age"] > _OLD_TRANSACTIONS:
        return [
            needs_a_person(
                "storage",
                f"the oldest transaction id is {row['age']:,} transactions old; at 2,100,000,000 Postgres stops",
                "run `vacuum freeze` as the owner of the database, and look for what keeps autovacuum from doing so",
            )
        ]
    return [ok("storage", f"the database takes {_size(row['bytes'])}")]


async def clock_findings(pool: Pool) -> list[Finding]:
    """This machine against Postgres, and the machines of the workers against it too, by what they recorded."""
    before = datetime.now(UTC)
    theirs: datetime = await pool.fetchval("select clock_timestamp()")
    after = datetime.now(UTC)
    ahead: float = await pool.fetchval(query("recorded_ahead")) or 0.0
    return [clocks((before - theirs).total_seconds(), (after - theirs).total_seconds(), ahead)]


def clocks(least: float, most: float, recorded_ahead: float) -> Finding:
    """This clock is between `least` and `most` seconds ahead of that of Postgres."""
    off = max(least, -most, 0.0)
    remedy = "set the clocks by NTP, for example with chrony or systemd-timesyncd, on every machine"
    if off > _OFF_SECONDS:
        which = "ahead of" if least > 0 else "behind"
        return needs_a_person("clocks", f"this machine is {ago(off)} {which} Postgres: times are wrong", remedy)
    if recorded_ahead > _OFF_SECONDS:
        return needs_a_person(
            "clocks",
            f"events of the last hour say that they happened up to {ago(recorded_ahead)} after they were recorded: the "
            "clock of Temporal, or of a worker, is ahead of that of Postgres",
            remedy,
        )
    return ok("clocks", "this machine, Postgres and those who recorded the latest events agree")


def trellis_version() -> str:
    return metadata.version("trellis-mentoring")


async def version_findings(pool: Pool, client: Client) -> list[Finding]:
    postgres: str = await pool.fetchval("show server_version")
    if int(postgres.split(".", maxsplit=1)[0]) < _OLDEST_POSTGRES:
        return [broken("versions", f"PostgreSQL {postgres} is too old", f"use PostgreSQL {_OLDEST_POSTGRES} or later")]
    info = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    versions = {
        "Trellis": trellis_version(),
        "PostgreSQL": postgres,
        "Temporal": info.server_version,
        "its SDK": metadata.version("temporalio"),
        "Python": platform.python_version(),
    }
    return [ok("versions", ", ".join(f"{name} {version}" for name, version in versions.items()))]


def _size(count: int) -> str:
    return f"{count / _GB:.1f} GB" if count >= _GB // 10 else f"{count / 1024**2:.0f} MB"
