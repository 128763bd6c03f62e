"""The errors of embedded servers. Their messages are for the person at the terminal."""

from pathlib import Path


class EmbeddedServerError(Exception):
    """The base class. `str()` says what happened and what to do next."""


class PortTakenError(EmbeddedServerError):
    """Another program listens on a port that a server needs. Nothing was started or stopped."""

    def __init__(self, port: int, purpose: str, holder: str | None) -> None:
        self.port = port
        self.purpose = purpose
        self.holder = holder
        super().__init__(f"port {port}, needed for {purpose}, is used by {holder or 'another program'}")


class ServerFailedError(EmbeddedServerError):
    """A server did not start, or ended. Carries the last lines of its log."""

    def __init__(self, what: str, log: Path, last_lines: str) -> None:
        self.log = log
        self.last_lines = last_lines
        said = f"; its log ends:\n{last_lines}" if last_lines else ""
        super().__init__(f"{what} ({log}){said}")
