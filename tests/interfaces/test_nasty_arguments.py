"""Every command line refuses what it cannot take: with its exit code, in one sentence, and with nothing half done.

The table is made of the commands themselves: each file, number, date, and text that one takes is given nasty values,
while everything else that it needs is plain. Each parameter gets one of the values of its kind, in turn, so that all
values reach many; `TRELLIS_NASTY=all` gives all to each, which takes some minutes.
"""

import asyncio
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from interfaces.cli import main
from interfaces.cli.commands import app
from interfaces.cli.lazy import LazyCommand
from projections.runner import catch_up
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person

ALL = os.environ.get("TRELLIS_NASTY") == "all"
EACH = 1
MOST_SAID = 2_000
ASKED_LATER = frozenset({"log import file", "log detach folder"})
"""They look at the log first, and find a reason there not to go on."""
WRITTEN = frozenset({"log export file"})
"""What a file held before does not matter."""
NOT_HERE = frozenset({"up", "down", "worker", "migrate", "completion"})
"""They begin or end processes, or take nothing that could be nasty."""
DEEP, LONG, HUGE, LONE = "[" * 10_000, "x" * 5_000, "9" * 5_000, "\udcff"
"""LONE: how Python reads a byte of the command line that is not UTF-8."""

NUMBERS = ("", "abc", "1e400", "-1e400", str(10**30), HUGE, "nan", "-0", LONE, "\u0661\u0662", "0x10")
DATES = ("", "0001-01-01", "9999-12-31", "2026-02-30", "1e400", str(10**30), LONE, "2026-01-01T99:00", HUGE)
TEXTS = (
    *("", LONE, f"a={LONE}", "../../x", "..", ".", "%00", "a/b?c#d", "\u202e", " ", LONG, DEEP, f"a:={DEEP}"),
    *(HUGE, f"a:={HUGE}", str(10**30), "-0", "1e400", "a:=1e400", "10000000000 days", "-1 hours"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", '{"a": 1, "a": 2}', '{"a": "\\ud800"}'),
)
CONTENTS = {
    "empty": b"",
    "nul": b"id,name\n\0\n",
    "latin": b"id,name\nl-1,\xff\xfe\n",
    "deep": DEEP.encode(),
    "deep objects": b'{"figures":' * 10_000,
    "deep lists": b"- " * 10_000,
    "huge": b'{"figures": {"completion": ' + HUGE.encode() + b"}}",
    "endless": b'{"figures": {"completion": {"share": 1e400}}}',
    "twice": b'{"id": "a", "id": "b"}\n',
    "lone": b'{"evidence": [{"says": "\\ud800"}]}',
    "marked": b"\xef\xbb\xbfid,name\r\nl-1,Z\r\n",
    "wide": "id,name\nl-1,Zo\u00eb\n".encode("utf-16"),
}
SUFFIXES = ("csv", "ndjson", "json")
PLAIN = {
    "program": "nowhere",
    "journey": "nowhere.l-1",
    "cohort": "nowhere.1",
    "when": "2026-03-02T09:00:00Z",
    "starts_at": "2026-03-02T09:00:00Z",
    "until": "2026-03-02T09:00:00Z",
    "since": "2026-03-02",
    "command": "pause",
    "fields": "places=4",
    "answers": "a=b",
    "url": "https://example.org/hook",
}


@dataclass(frozen=True)
class Case:
    """A command line, and what is nasty in it."""

    words: Sequence[str]
    of: str
    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.of} = {self.value[:40]!a}"


def commands(one: Any = app, words: Sequence[str] = ()) -> Iterator[tuple[Sequence[str], Any]]:
    """All that can be typed, each with its parameters."""
    found = one.load() if isinstance(one, LazyCommand) else one
    if not hasattr(found, "commands"):
        yield words, found
        return
    for name, inner in found.commands.items():
        if name not in NOT_HERE:
            yield from commands(inner, [*words, name])


def kind_of(parameter: Any) -> str | None:
    """None: a switch, or one of some words, which are another test's."""
    wanted = parameter.type_descriptor.annotation
    kinds = {int: "number", float: "number", datetime: "date", Path: "file", str: "text", list[str]: "text"}
    return kinds.get(wanted)


def files(folder: Path) -> Sequence[str]:
    """Nasty ones, and places where there is none."""
    made = []
    for number, (name, content) in enumerate(CONTENTS.items()):
        kit = folder / f"kit {name}"
        kit.mkdir()
        (kit / "program.yaml").write_bytes(content)
        for suffix in SUFFIXES if ALL else (SUFFIXES[number % len(SUFFIXES)],):
            file = folder / f"{name}.{suffix}"
            file.write_bytes(content)
            made.append(file)
        made.append(kit)
    unreadable, loop = folder / "unreadable.csv", folder / "loop"
    unreadable.touch(mode=0)
    loop.symlink_to(loop)
    return [
        *map(str, made),
        str(unreadable),
        str(loop),
        str(folder),
        "",
        "../../x",
        LONG,
        str(folder / "no" / "x.csv"),
        "/",
    ]


def cases(folder: Path) -> Iterator[Case]:
    (folder / "plain.csv").write_text("id,name\nl-1,Zoe\n")
    plain = {"file": str(folder / "plain.csv"), "number": "1", "date": "2026-03-02"}
    values = {"number": NUMBERS, "date": DATES, "text": TEXTS, "file": files(folder)}
    turns = {kind: cycle(those) for kind, those in values.items()}
    for words, command in commands():
        for parameter in command.params:
            kind = kind_of(parameter)
            if kind is None or parameter.name in ("by", "help"):
                continue
            for value in values[kind] if ALL else islice(turns[kind], EACH):
                typed, places = [], []
                for one in command.params:
                    needed = plain.get(kind_of(one) or "") or PLAIN.get(one.name, "x")
                    given = value if one is parameter else needed if one.required else None
                    if given is None:
                        continue
                    if one.param_type_name == "argument":
                        places.append(given)
                    else:
                        typed += (
                            [one.opts[0], given] if not one.opts[0].startswith("--") else [f"{one.opts[0]}={given}"]
                        )
                line = [*words, *typed, *(["--", *places] if places else [])]
                yield Case(line, f"{' '.join(words)} {parameter.name}", kind, value)


def wrong_with(case: Case, code: int, said: str) -> str | None:
    """What a person would mind about how it ended."""
    if LONE in case.value and case.kind != "file" and code != Exit.BAD_INPUT:
        return f"exit code {code} for what is no text"
    if code == Exit.OK:
        return None if case.kind == "text" or case.value == "-0" or case.of in WRITTEN else "it was taken"
    may_fail = case.kind == "text" or case.value == "-0" or case.of in ASKED_LATER
    if code != Exit.BAD_INPUT and not (may_fail and code == Exit.FAILED):
        return f"exit code {code}"
    if not said.strip() or "Traceback" in said or '"event"' in said:
        return "no sentence"
    return f"{len(said):,} characters" if len(said) > MOST_SAID else None


@pytest.fixture
async def home(
    temporal: WorkflowEnvironment, dsn: str, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty folder, and a database with one mentor whose views are built."""
    await people.upsert_many(pool, [Person("ana", "mentor", "Ana")])
    await catch_up(dsn)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.client.service_client.config.target_host)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\xfa")))
    return home


async def test_what_is_nasty_is_refused_in_a_sentence(
    home: Path, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inputs").mkdir()
    found, before = [], await traces(pool, home)
    for case in cases(tmp_path / "inputs"):
        monkeypatch.setattr(sys, "argv", ["trellis", *case.words])
        try:
            code = await asyncio.to_thread(run)
        except Exception as error:  # noqa: BLE001 - the traceback that a person would see
            found.append(f"{case}: {error!r}")
            continue
        if wrong := wrong_with(case, code, said := capsys.readouterr().err):
            found.append(f"{case}: {wrong}: {said[:300]}")
        after = await traces(pool, home)
        if code and after != before:
            found.append(f"{case}: something was done: {before} {after}")
        before = after
    assert not found, "\n".join(found)


def run() -> int:
    try:
        return main()
    except SystemExit as end:
        return int(end.code or 0)


async def traces(pool: Pool, home: Path) -> tuple[object, ...]:
    """What a command may leave behind."""
    counted = "select (select count(*) from trellis.events) || ', ' || (select count(*) from trellis.people)"
    return await pool.fetchval(counted), files_in(home)


def files_in(home: Path) -> list[Path]:
    return sorted(home.iterdir())
