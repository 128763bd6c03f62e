"""Refusals: why a command cannot be carried out, for people in a sentence and for programs in a code."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

Detail = str | int | None | Sequence[str]
_LONGEST_MESSAGE = 1_900
"""What the event that records a refusal takes at most, whatever the message quotes."""


class RefusalCode(StrEnum):
    """The codes of refusals. Each aggregate declares its own as members of a subclass.

    A code is public: docs/contract.md lists it, and once released it is neither renamed nor given another meaning.
    """


class _Unspecified(RefusalCode):
    REFUSED = "refused"


UNSPECIFIED = _Unspecified.REFUSED
"""Of a refusal that was recorded by a release without codes."""


class NotFound(Exception):
    """There is nothing of this id. The message says so, and where to look."""


class Rejected(Exception):
    """The command cannot be carried out; nothing was recorded. The message says why, and what would help.

    `data` holds the values that a program needs to act on the code: limits, counts, the names that would be valid.
    It never holds personal data, and nothing that the sender wrote freely.
    """

    def __init__(self, code: RefusalCode | str, message: str, data: Mapping[str, Detail] | None = None) -> None:
        self.code = str(code)
        self.message = message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + " …"
        self.data = dict(data or {})
        super().__init__(self.message)
