"""Servers that are away, that refuse or lack something: every command says so in a sentence, with its exit code."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs
from temporalio.testing import WorkflowEnvironment

from interfaces.cli import main
from interfaces.cli.commands import app
from interfaces.cli.lazy import LazyCommand
from runtime.embedded.ports import free_port
from runtime.embedded.postgres import PostgresServer
from runtime.exits import Exit
from tests.commands import Said
from tests.support.small_kit import SMALL

KIT, FILE = "program.yaml", "people.csv"
TYPED = {
    "webhooks list": "webhooks list",
    "webhooks add": "webhooks add https://example.org/",
    "webhooks set": "webhooks set wh-1 --all-types",
    "webhooks show": "webhooks show wh-1",
    "webhooks deliveries": "webhooks deliveries wh-1",
    "webhooks replay": "webhooks replay wh-1 --from 1",
    "webhooks rotate": "webhooks rotate wh-1",
    "webhooks disable": "webhooks disable wh-1 --reason maintenance",
    "webhooks enable": "webhooks enable wh-1",
    "webhooks remove": "webhooks remove wh-1",
    "webhooks test": "webhooks test wh-1",
    "migrate": "migrate",
    "publish": f"publish {KIT}",
    "start": "start small l-1",
    "send": "send small.l-1 resume",
    "status": "status small.l-1",
    "why": "why small.l-1",
    "timeline": "timeline small.l-1",
    "profile": "profile small.l-1",
    "sessions": "sessions small.l-1",
    "calendar": "calendar small.l-1",
    "board": "board",
    "funnel": "funnel",
    "return": "return small",
    "measures": "measures small",
    "associations": "associations small",
    "revive": "revive",
    "program migrate": "program migrate small --to 2",
    "enrollment open": "enrollment open small",
    "growth": "growth small",
    "qa begin": "qa begin small",
    "qa rounds": "qa rounds small",
    "qa queue": "qa queue small",
    "qa show": "qa show small-1.1",
    "qa take": "qa take small-1.1",
    "qa score": "qa score small-1.1 --mark clarity=3",
    "qa skip": "qa skip small-1.1 --reason because",
    "qa session": "qa session small.lea s1 --mark clarity=3",
    "qa scores": "qa scores small.lea",
    "qa figures": "qa figures small",
    "review": "review small",
    "pilot list": "pilot list small",
    "pilot begin": "pilot begin small p --change x --measure completion --cohort 2026-11 --baseline-cohort 2026-10",
    "pilot show": "pilot show small p",
    "pilot change": "pilot change small p --what x",
    "pilot end": "pilot end small p --verdict kept --conclusion x",
    "pilot figures": "pilot figures small",
    "enrollment close": "enrollment close small",
    "enrollment remove": "enrollment remove small l-1",
    "enrollment show": "enrollment show small",
    "enrollment add": f"enrollment add small {FILE}",
    "mentor add": f"mentor add small {FILE}",
    "mentor acknowledge": "mentor acknowledge m-1 welcome --program small",
    "mentor training": "mentor training small",
    "mentor load": "mentor load small",
    "mentor list": "mentor list small",
    "mentor show": "mentor show m-1",
    "mentor set": "mentor set m-1 places=4",
    "mentor check": "mentor check m-1 background",
    "mentor day": "mentor day m-1",
    "mentor join": "mentor join small m-1",
    "mentor remove": "mentor remove small m-1",
    "mentor leave": "mentor leave m-1 --from 2027-05-01 --until 2027-05-14",
    "mentor office-hours offer": "mentor office-hours offer m-1 small 2027-03-02T17:00Z",
    "mentor office-hours list": "mentor office-hours list",
    "mentor office-hours book": "mentor office-hours book m-1 20270302T1600Z small.l-1",
    "mentor office-hours release": "mentor office-hours release m-1 20270302T1600Z small.l-1",
    "mentor office-hours cancel": "mentor office-hours cancel m-1 20270302T1600Z",
    "capacity": "capacity small",
    "feedback": "feedback small",
    "views list": "views list",
    "views save": "views save late overdue=true",
    "views delete": "views delete v1",
    "schedules list": "schedules list small",
    "schedules pause": "schedules pause small matching",
    "schedules resume": "schedules resume small matching",
    "schedules run": "schedules run small matching",
    "findings list": "findings list",
    "findings show": "findings show vague_step-1",
    "findings confirm": "findings confirm vague_step-1",
    "findings dismiss": "findings dismiss vague_step-1 --reason because",
    "findings look": "findings look small",
    "findings detectors": "findings detectors small",
    "findings drift": "findings drift small",
    "findings coaching": "findings coaching ana",
    "own-page link": "own-page link l-1",
    "own-page revoke": "own-page revoke l-1",
    "surveys list": "surveys list",
    "surveys show": "surveys show r-1",
    "surveys answer": "surveys answer r-1 confident=7",
    "surveys link": "surveys link r-1",
    "surveys rotate-links": "surveys rotate-links",
    "surveys rates": "surveys rates small",
    "complaints list": "complaints list small",
    "complaints take": "complaints take small small.l-1--after--1",
    "complaints answer": "complaints answer small small.l-1--after--1 --text sorry",
    "proposals list": "proposals list",
    "proposals show": "proposals show small-1",
    "proposals make": "proposals make small shorter",
    "proposals accept": "proposals accept small-1 --reason because",
    "proposals decline": "proposals decline small-1 --reason because",
    "proposals try": "proposals try small-1 --version 2",
    "proposals keep": "proposals keep small-1 --reason because",
    "proposals drop": "proposals drop small-1 --reason because",
    "proposals assign": "proposals assign small-1 ops:ana",
    "bulk send": "bulk send resume -w program=small --dry-run",
    "bulk message": "bulk message --subject s --text t -w program=small --dry-run",
    "bulk reassign": "bulk reassign --to m-1 --reason r -w program=small --dry-run",
    "bulk move-kit": "bulk move-kit --to 2 --reason r -w program=small --dry-run",
    "bulk start": f"bulk start small {FILE} --dry-run",
    "bulk list": "bulk list",
    "bulk show": "bulk show b1",
    "bulk pause": "bulk pause b1",
    "bulk resume": "bulk resume b1",
    "bulk stop": "bulk stop b1",
    "cohort form": "cohort form small",
    "cohort list": "cohort list",
    "cohort show": "cohort show small.1",
    "cohort add": "cohort add small.1 l-1",
    "cohort remove": "cohort remove small.1 l-1",
    "cohort retry": "cohort retry small.1 l-1",
    "cohort dismiss": "cohort dismiss small.1 l-1",
    "cohort attendance": "cohort attendance small.1 s-1",
    "cohort notes": "cohort notes small.1 s-1",
    "cohort follow-up": "cohort follow-up small.1 s-1 --summary Good --step Write --due 2027-03-02T18:00Z",
    "cohort move": "cohort move small.1 s-1 2027-03-02T18:00Z",
    "cohort mentor": "cohort mentor small.1 m-1 m-2",
    "cohort close": "cohort close small.1",
    "match round": "match round small",
    "match list": "match list",
    "match show": "match show small",
    "match again": "match again small",
    "match release": "match release small",
    "match discard": "match discard small",
    "match take-back": "match take-back small",
    "match pin": "match pin small l-1 m-1",
    "match unpin": "match unpin small l-1 m-1",
    "match forbid": "match forbid small l-1 m-1",
    "match allow": "match allow small l-1 m-1",
    "match explain": "match explain l-1 --program small",
    "match what-if": "match what-if --program small --learner l-1 --mentor m-1",
    "match verify": "match verify small",
    "times show": "times show small.l-1 s-1",
    "times book": "times book small.l-1 s-1 2027-03-02T17:00Z",
    "times common": "times common --learners l-1 --program small",
    "attention": "attention",
    "upcoming": "upcoming",
    "cases": "cases",
    "cases take": "cases take small.l-1 c-1",
    "cases snooze": "cases snooze small.l-1 c-1 --until 2027-03-02T17:00Z --reason because",
    "cases reassign": "cases reassign small.l-1 c-1 --to ops --reason because",
    "cases resolve": "cases resolve small.l-1 c-1 --resolution done",
    "messages": "messages",
    "messages retry": "messages retry m-1",
    "messages bounced": "messages bounced m-1 --because full",
    "keys make": "keys make lms --role integration",
    "keys list": "keys list",
    "keys rotate": "keys rotate 0123456789",
    "keys revoke": "keys revoke 0123456789",
    "keys link": "keys link 0123456789",
    "log verify": "log verify",
    "log tail": "log tail",
    "log export": "log export -",
    "log import": "log import log.ndjson",
    "log partitions": "log partitions",
    "log detach": "log detach events_000000000001 .",
    "log attach": "log attach events_000000000001",
    "messages park": "messages park 1 --reason because",
    "messages skip": "messages skip 1 --reason because",
    "messages resume": "messages resume",
    "messages aside": "messages aside",
    "program use": "program use small 2",
    "program guide": "program guide small",
    "projections": "projections",
    "projections rebuild": "projections rebuild board",
    "projections rollback": "projections rollback board",
    "projections drop": "projections drop board --generation 1",
    "projections park": "projections park board --reason because",
    "projections skip": "projections skip board --reason because",
    "projections retry": "projections retry board",
    "projections aside": "projections aside board",
}
"""Every command that needs a server, as somebody might type it."""
OFFLINE = {
    *("commands", "completion", "program check", "program draw", "program explain", "program diff", "program schema"),
    *("import oulad", "import cncf", "up", "down", "worker", "doctor"),
    *("play", "rehearse", "plan", "backtest", "calibrate"),
}
"""Those that need none, bring their own, or are there to say that they are away."""


def names(command: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    command = command.load() if isinstance(command, LazyCommand) else command
    for name, inner in getattr(command, "commands", {}).items():
        yield from names(inner, (*before, name))
    if before and (not hasattr(command, "commands") or command.invoke_without_command):
        yield " ".join(before)


def test_every_command_is_tried() -> None:
    assert set(names(app)) == TYPED.keys() | OFFLINE


_RULES = "select count(*) from pg_hba_file_rules where 'locked' = any(user_name)"


class Shell:
    def __init__(self, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.environment = environment
        self.capsys = capsys

    async def say(self, line: str) -> Said:
        """A command as it is typed. Raises what would be a traceback."""
        self.environment.setattr(sys, "argv", ["trellis", *line.split()])
        self.capsys.readouterr()
        code = await asyncio.to_thread(_run)
        return Said(code, *self.capsys.readouterr())

    async def refused(self, line: str, exit_code: Exit, *words: str) -> None:
        said = await self.say(line)
        assert said.exit == exit_code, (line, said)
        assert all(word in said.err for word in words), (line, said)
        assert "Traceback" not in said.err
        assert said.err.startswith("trellis: ")


def _run() -> int:
    try:
        return main()
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture
def shell(own_folder: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """With both servers away."""
    (tmp_path / KIT).write_text(SMALL)
    (tmp_path / FILE).write_text("id,name\nl-1,Ada\n")
    (tmp_path / "log.ndjson").write_text("{}\n")
    own_folder.setenv("DATABASE_URL", f"postgresql://trellis:secret@127.0.0.1:{free_port()}/trellis")
    own_folder.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    with capture_logs():
        yield Shell(own_folder, capsys)


@pytest.mark.parametrize("name", TYPED)
async def test_servers_that_are_away(shell: Shell, name: str) -> None:
    said = await shell.say(TYPED[name])
    assert (said.exit, said.out) == (Exit.UNREACHABLE, ""), said
    assert "does not answer at" in said.err
    assert "secret" not in said.err


@pytest.mark.parametrize("line", ["board", "start small l-1", "messages", "log verify", "projections rebuild board"])
async def test_a_database_that_nobody_has_migrated(shell: Shell, postgres: PostgresServer, line: str) -> None:
    shell.environment.setenv("DATABASE_URL", postgres.dsn("postgres"))
    await shell.refused(line, Exit.FAILED, "`trellis migrate` brings it up to date")


@pytest.fixture
async def accounts(postgres: PostgresServer, dsn: str) -> AsyncIterator[dict[str, str]]:
    """Addresses of a migrated database that are wrong, or not enough, by what is wrong with them."""
    admin = await asyncpg.connect(dsn)
    await admin.execute("create role stranger login; create role locked login password 'right'")
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all locked scram-sha-256\n{before}")
    await admin.execute("select pg_reload_conf()")
    try:
        async with asyncio.timeout(10):
            while not await admin.fetchval(_RULES):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        yield {
            "password": dsn.replace("postgres@", "locked:wrong@", 1),
            "account": dsn.replace("postgres@", "nobody@", 1),
            "right": dsn.replace("postgres@", "stranger@", 1),
            "database": postgres.dsn("no_such_database"),
            "part": f"{dsn}&search_pathe=none",
            "ssl": dsn.partition("?")[0] + "?sslmode=perhaps",
            "port": "postgresql://trellis@127.0.0.1:99999/trellis",
            "host": "postgresql://trellis@no-such-host.invalid/trellis",
        }
    finally:
        rules.write_text(before)
        await admin.execute("select pg_reload_conf(); drop role stranger; drop role locked")
        await admin.close()


@pytest.mark.parametrize(
    ("wrong", "exit_code", "words"),
    [
        ("password", Exit.BAD_INPUT, 'refuses the account: password authentication failed for user "locked"'),
        ("account", Exit.BAD_INPUT, 'refuses the account: role "nobody" does not exist'),
        ("right", Exit.FAILED, "does not permit this to the account: permission denied"),
        ("database", Exit.BAD_INPUT, 'does not have the database: database "no_such_database" does not exist'),
        ("part", Exit.BAD_INPUT, "DATABASE_URL"),
        ("ssl", Exit.BAD_INPUT, "sslmode"),
        ("port", Exit.BAD_INPUT, "DATABASE_URL: its port"),
        ("host", Exit.UNREACHABLE, "no-such-host.invalid"),
    ],
)
async def test_a_wrong_address(shell: Shell, accounts: dict[str, str], wrong: str, exit_code: Exit, words: str) -> None:
    shell.environment.setenv("DATABASE_URL", accounts[wrong])
    for line in ("board", "log verify", "migrate", "start small l-1"):
        await shell.refused(line, exit_code, words)


async def test_a_namespace_that_does_not_exist(shell: Shell, temporal: WorkflowEnvironment, dsn: str) -> None:
    """A journey there would be "not found", whatever it is."""
    shell.environment.setenv("DATABASE_URL", dsn)
    shell.environment.setenv("TEMPORAL_ADDRESS", temporal.client.service_client.config.target_host)
    assert (await shell.say(f"publish {KIT}")).exit == Exit.OK
    shell.environment.setenv("TEMPORAL_NAMESPACE", "nowhere")
    for name in ("migrate", "send", "status", "start", "revive"):
        await shell.refused(TYPED[name], Exit.BAD_INPUT, "has no namespace 'nowhere'", "TEMPORAL_NAMESPACE")


async def test_a_worker_ends_with_a_sentence_and_a_code(
    dsn: str, temporal: WorkflowEnvironment, tmp_path: Path
) -> None:
    ours = {
        "DATABASE_URL": dsn,
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": "nowhere",
        "TRELLIS_SERVER_WAIT_SECONDS": "0",
        "TRELLIS_HTTP_PORT": "0",
        "TRELLIS_SDK_METRICS_PORT": "0",
        "TRELLIS_LOG_FORMAT": "json",
    }
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker"), cwd=tmp_path, env=os.environ | ours, stderr=subprocess.PIPE
    )
    _, said = await worker.communicate()
    assert worker.returncode == Exit.BAD_INPUT
    assert b"Traceback" not in said
    (line,) = [json.loads(one) for one in said.splitlines()]
    assert (line["event"], line["server"], line["level"]) == ("server_refuses", "Temporal", "error")
    assert "has no namespace 'nowhere'" in line["problem"]
