"""Letters in a folder: each is there once and whole, or not at all."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from channels.channel import Bounced, NotTaken
from channels.folder import FolderChannel
from tests.channels.letters import LETTER, SENDER, assert_tells_nothing_of_people, letter

ROOT = Path(__file__).parent.parent.parent


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def whole_in(folder: Path) -> list[Path]:
    """Without what begins with a point."""
    return sorted(folder.glob("[!.]*"))


def everything_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def test_a_letter_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outbox"
    await FolderChannel(folder, SENDER).send(LETTER)
    (file,) = files_in(folder)
    assert file.name == f"{LETTER.id}.eml"
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == LETTER.subject
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert file.stat().st_nlink == 1


async def test_the_first_of_an_id_stays(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path, SENDER)
    await channel.send(LETTER)
    await channel.send(letter(subject="another"))
    (file,) = files_in(tmp_path)
    assert b"another" not in file.read_bytes()


async def test_many_writers_at_once_leave_one_whole_file_each(tmp_path: Path) -> None:
    channels = [FolderChannel(tmp_path, SENDER) for _ in range(8)]
    texts = [f"{number} " * 10_000 for number in range(8)]
    await asyncio.gather(
        *(
            channel.send(letter(id=f"l-{nth}", text=text))
            for nth in range(5)
            for channel, text in zip(channels, texts, strict=True)
        )
    )
    files = files_in(tmp_path)
    assert [file.name for file in files] == [f"l-{nth}.eml" for nth in range(5)]
    for file in files:
        assert str(message_from_bytes(file.read_bytes(), policy=default).get_content()).strip() + " " in texts


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from channels.folder import FolderChannel
from tests.channels.letters import LETTER, SENDER

os.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(FolderChannel(Path(sys.argv[1]), SENDER).send(LETTER))
"""


@pytest.mark.parametrize("step", ["fsync", "link"])
async def test_killed_half_way_it_leaves_no_half_file(step: str, tmp_path: Path) -> None:
    killed = subprocess.run(  # noqa: ASYNC221 - nothing else is to run meanwhile
        [sys.executable, "-c", _KILLED.format(step=step), tmp_path],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not whole_in(tmp_path)
    await FolderChannel(tmp_path, SENDER).send(LETTER)
    assert [file.name for file in whole_in(tmp_path)] == [f"{LETTER.id}.eml"]


@pytest.mark.parametrize("letter_id", ["../../escaped", "/etc/passwd", "..", "", "a\x00b", "x" * 5000, "a/b"])
async def test_an_id_leads_nowhere_else(letter_id: str, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    await FolderChannel(folder, SENDER).send(letter(id=letter_id))
    assert [file.parent for file in everything_in(tmp_path)] == [folder]


async def test_a_folder_that_cannot_be_one_is_said_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "zofie").write_text("a file")
    with pytest.raises(NotTaken, match=r"cannot be written to: (File exists|Not a directory)") as caught:
        await FolderChannel(tmp_path / "zofie", SENDER).send(LETTER)
    assert type(caught.value) is NotTaken
    assert_tells_nothing_of_people(caught.value)


async def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotTaken, match="No space left on device"):
        await FolderChannel(tmp_path, SENDER).send(LETTER)
    assert not files_in(tmp_path)


async def test_what_cannot_be_an_address_bounces_here_too(tmp_path: Path) -> None:
    with pytest.raises(Bounced):
        await FolderChannel(tmp_path, SENDER).send(letter(to_address="zofie"))
    assert not files_in(tmp_path)
