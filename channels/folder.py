"""Notifications as files, for trials, and for mail that something else picks up."""

import asyncio
import os
import tempfile
from pathlib import Path

from channels.addresses import Mailbox
from channels.channel import Notification, NotTaken
from channels.lines import plain_id
from channels.mail import as_mail


class FolderChannel:
    """One file `<id>.eml` a notification, which is there as a whole or not at all; the first of an id stays.

    Only the owner may read them. What a process leaves that dies while it writes begins with a point.
    """

    name = "folder"
    repeatable = True

    def __init__(self, folder: Path, sender: Mailbox) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, notification: Notification) -> None:
        content = as_mail(notification, self._sender)
        try:
            await asyncio.to_thread(self._write, f"{plain_id(notification.id)}.eml", content)
        except OSError as error:  # its own words would repeat the path
            raise NotTaken(f"the folder for letters cannot be written to: {error.strerror}") from None

    async def close(self) -> None: ...

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(prefix=".", dir=self._folder)  # which lets only the owner read it
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._put_in_place(written, name)
        finally:
            Path(written).unlink()

    def _put_in_place(self, written: str, name: str) -> None:
        """Under its name at once, unless there is one already: a link replaces nothing."""
        try:
            os.link(written, self._folder / name)
        except FileExistsError:
            return
        _sync(self._folder)


def _sync(folder: Path) -> None:
    """Makes the names in it outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
