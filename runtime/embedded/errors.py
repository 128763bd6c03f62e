"""What can go wrong with an embedded server, in words for the person at the terminal."""

from pathlib import Path


class EmbeddedServerError(Exception):
    """The root of them all. `str()` says what happened and what to do next."""


class PortTakenError(EmbeddedServerError):
    """Somebody else listens where a server should. Nothing was started, and nobody was disturbed."""

    def __init__(self, port: int, purpose: str, holder: str | None) -> None:
        self.port = port
        self.purpose = purpose
        self.holder = holder
        super().__init__(f"port {port}, wanted for {purpose}, is held by {holder or 'another program'}")


class ServerFailedError(EmbeddedServerError):
    """A server did not come up, or fell down. Carries the last lines of its log."""

    def __init__(self, what: str, log: Path, last_lines: str) -> None:
        self.log = log
        self.last_lines = last_lines
        said = f"; its log ends:\n{last_lines}" if last_lines else ""
        super().__init__(f"{what} ({log}){said}")
