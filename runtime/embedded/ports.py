"""TCP ports: which are free, and which program uses those that are not."""

import socket
import time

import psutil

from runtime.embedded.errors import PortTakenError

_LETTING_GO_SECONDS = 3.0


def require_free(address: str, port: int, purpose: str) -> None:
    """Raises PortTakenError, with the program that uses it where the system tells, unless `port` is free.

    A killed server may keep its port for a moment after its death: a port that no program is seen to use is waited for,
    up to three seconds. Blocks: call it in a thread.
    """
    give_up = time.monotonic() + _LETTING_GO_SECONDS
    while not _can_listen(address, port):
        found = holder(port)
        if found or time.monotonic() > give_up:
            raise PortTakenError(port, purpose, found)
        time.sleep(0.05)


def free_port(address: str = "127.0.0.1") -> int:
    """A port that was free a moment ago. Another program may take it before you do."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        number: int = probe.getsockname()[1]
        return number


def holder(port: int) -> str | None:
    """The program that listens on `port`, as `name (pid 123)`; None if there is none or the system does not tell."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS tells only root
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.pid and connection.laddr[1:] == (port,):
            return _described(connection.pid)
    return None


def _can_listen(address: str, port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: closing connections of a server that just ended do not make the port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def _described(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"
