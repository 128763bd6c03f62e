"""The operations of `messages`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class MessagesOperations(Connection):
    def list_messages(
        self,
        *,
        program: str | None = None,
        journey: str | None = None,
        status: Sequence[Literal["wanted", "handed_over", "sent", "not_taken", "bounced", "uncertain", "skipped"]]
        | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[models.MessageRow]:
        """Messages to people, newest first: recipient, occasion, and outcome, without the text.

        - `status`: any of these
        - `after`: The last message of the previous page.
        """
        return self._call(
            Call(
                "GET",
                "/v1/messages",
                query=query(program=program, journey=journey, status=status, after=after, limit=limit),
            ),
            list[models.MessageRow],
        )

    def iterate_messages(
        self,
        *,
        program: str | None = None,
        journey: str | None = None,
        status: Sequence[Literal["wanted", "handed_over", "sent", "not_taken", "bounced", "uncertain", "skipped"]]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[models.MessageRow]:
        """The items of all pages of `list_messages`, read one page at a time."""
        return self._items(
            lambda after: self.list_messages(program=program, journey=journey, status=status, limit=limit, after=after),
            lambda found: (found, found[-1].message if found else None),
        )

    def get_message(self, message: str) -> models.MessageRow:
        """One message: recipient, occasion, and outcome, without the text."""
        return self._call(Call("GET", path("/v1/messages/{message}", message=message)), models.MessageRow)

    def retry_message(self, message: str, *, by: str | None | Unset = UNSET) -> models.MessageRetried:
        """Try again to send a message that bounced, was skipped, or may not have arrived.

        A message that was sent is never sent again. `get_message` has the outcome.
        """
        return self._call(
            Call("POST", path("/v1/messages/{message}/retry", message=message), **body({"by": by})),
            models.MessageRetried,
        )

    def report_bounce(self, message: str, *, because: str) -> models.MessageBounced:
        """Report that a message came back after it had been sent, as mail systems do."""
        return self._call(
            Call("POST", path("/v1/messages/{message}/bounce", message=message), **body({"because": because})),
            models.MessageBounced,
        )

    def list_events_set_aside(self) -> list[models.ParkedEvent]:
        """Events that the courier could not process and that were parked or skipped, by whom, and why.

        For keys that are for all programs.
        """
        return self._call(Call("GET", "/v1/courier/set-aside"), list[models.ParkedEvent])

    def park_event(self, position: int, *, reason: str, by: str | None | Unset = UNSET) -> models.EventSetAside:
        """Park the event at which the courier has stopped, until `resume_courier`. All other messages continue.

        - `position`: the position at which the courier stopped
        """
        return self._call(
            Call("POST", path("/v1/courier/{position}/park", position=position), **body({"reason": reason, "by": by})),
            models.EventSetAside,
        )

    def skip_event(self, position: int, *, reason: str, by: str | None | Unset = UNSET) -> models.EventSetAside:
        """Skip the event at which the courier has stopped, for good. Nobody gets a message about it.

        - `position`: the position at which the courier stopped
        """
        return self._call(
            Call("POST", path("/v1/courier/{position}/skip", position=position), **body({"reason": reason, "by": by})),
            models.EventSetAside,
        )

    def resume_courier(self) -> models.CourierResumed:
        """Make the courier try again where it has stopped, and process parked events."""
        return self._call(Call("POST", "/v1/courier/resume"), models.CourierResumed)
