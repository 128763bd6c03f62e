"""Reads a stream of server-sent events, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Reader:
    """Keeps the id of the last event, with which the stream goes on after a lost connection."""

    last_id: str | None = None
    _data: list[str] = field(default_factory=list)
    _id: str | None = None

    def read(self, line: str) -> str | None:
        """The data of an event that ends with this line. An event without data only moves the id."""
        if not line:
            return self._ended()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        return None

    def forget_half(self) -> None:
        """After a lost connection: an event that did not arrive whole comes again."""
        self._data, self._id = [], None

    def _ended(self) -> str | None:
        data = "\n".join(self._data) if self._data else None
        self.last_id = self._id if self._id is not None else self.last_id
        self.forget_half()
        return data
