"""A worker of one role as a process of its own, as it is deployed: to be killed."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path


@asynccontextmanager
async def role_process(role: str, temporal: str, dsn: str, folder: Path, http_port: int = 0) -> AsyncIterator[Process]:
    """`temporal`: the address of the server. Whatever is left of the process at the end is killed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker", "--roles", role),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=own
        | {
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DATABASE_URL": dsn,
            "TEMPORAL_ADDRESS": temporal,
            "TRELLIS_HTTP_PORT": str(http_port),
            "TRELLIS_SDK_METRICS_PORT": "0",
        },
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
