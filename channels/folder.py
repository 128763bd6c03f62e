"""Writes letters as files, for trials and for programs that pick up mail from a folder."""

import asyncio
import os
import tempfile
from pathlib import Path

from channels.addresses import Mailbox
from channels.channel import Letter, NotTaken
from channels.lines import plain_id
from channels.mail import as_mail


class FolderChannel:
    """One file `<id>.eml` for each letter, written atomically; an existing file is never replaced.

    Only the owner may read the files. A process that dies while writing leaves a file whose name begins with a dot.
    """

    name = "folder"
    repeatable = True

    def __init__(self, folder: Path, sender: Mailbox) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        content = as_mail(letter, self._sender)
        try:
            await asyncio.to_thread(self._write, f"{plain_id(letter.id)}.eml", content)
        except OSError as error:  # its own message would repeat the path
            raise NotTaken(f"the folder for letters cannot be written to: {error.strerror}") from None

    async def close(self) -> None: ...

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(prefix=".", dir=self._folder)  # readable by the owner only
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._put_in_place(written, name)
        finally:
            Path(written).unlink()

    def _put_in_place(self, written: str, name: str) -> None:
        """Gives the file its name atomically, unless the name exists: a link replaces nothing."""
        try:
            os.link(written, self._folder / name)
        except FileExistsError:
            return
        _sync(self._folder)


def _sync(folder: Path) -> None:
    """Makes the file names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
