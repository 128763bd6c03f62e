"""The identity of a command, under which it is recorded once.

An identity depends neither on when a command was received nor on which attempt of a workflow task received it: after a
crash, a timeout, or a continue-as-new that the server refused, a task runs again with other messages in it.

- An update is identified by its own id. A client that tries again with the same id means the same command, for the
  whole life of the journey.
- A signal is identified by its content, by how many signals of equal content came before it, and by the chain of runs
  that received it. Equal signals are interchangeable. Continue-as-new and reset keep the chain; a journey that is
  started again from the log begins another, whose signals are others.
- A request to cancel is identified by the run that it is for: the server keeps one a run.
- A timer is identified by its rule and instant. It is derived from the state, so nothing needs to be looked up for it.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping

_UPDATE = "update:"
_PLAIN_ID = re.compile(r"[\x21-\x7e]{1,120}")
_KEY_LENGTH = 11  # 64 bits


def update_identity(update_id: str) -> str:
    """An id that is long, or contains what a text column cannot store, is replaced by its digest."""
    if _PLAIN_ID.fullmatch(update_id):
        return _UPDATE + update_id
    return f"{_UPDATE}sha256:{hashlib.sha256(update_id.encode(errors='surrogatepass')).hexdigest()}"


def update_keys(identities: Iterable[str]) -> tuple[str, ...]:
    """Short keys of the updates among these identities, without repetitions."""
    return tuple(dict.fromkeys(_key(one.encode()) for one in identities if one.startswith(_UPDATE)))


class SignalCounter:
    """Gives the signals of one chain of runs their identities. Every run passes its counts to the next."""

    def __init__(self, chain: str, counts: Mapping[str, int]) -> None:
        self.prefix = f"signal:{_key(chain.encode())[:6]}:"
        self._counts = dict(counts)

    def identify(self, signal: str, content: bytes) -> str:
        key = signal_key(signal, content)
        count = self._counts[key] = self._counts.get(key, 0) + 1
        return f"{self.prefix}{key}#{count}"

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts


def signal_key(signal: str, content: bytes) -> str:
    """The part that the identities of signals with this name and content have in common."""
    return _key(signal.encode(errors="surrogatepass") + b"\0" + content)


def cancellation_identity(run: str) -> str:
    return f"cancel:{run}"


def timer_identity(rule: str, at: str) -> str:
    return f"{rule}@{at}"


def _key(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest())[:_KEY_LENGTH].decode()
