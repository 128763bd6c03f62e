"""Messages to people: which events of a journey call for one, what it says, and what became of it.

In reading order: notices (what is to be told), changes and wording (what a template's words stand for), events, state.
"""

from typing import get_args

from domain.notification.changes import Dated, earlier, superseded, undone
from domain.notification.events import MessageEvent
from domain.notification.notices import Notice, message_id, notices, untimely
from domain.notification.state import MessageState, Status, evolve, fold
from domain.notification.wording import Contents, contents, obsolete

EVENTS: dict[str, type[MessageEvent]] = {event.type: event for event in get_args(MessageEvent)}
"""Every event of a message, by the type under which it is stored."""

__all__ = [
    "EVENTS",
    "Contents",
    "Dated",
    "MessageEvent",
    "MessageState",
    "Notice",
    "Status",
    "contents",
    "earlier",
    "evolve",
    "fold",
    "message_id",
    "notices",
    "obsolete",
    "superseded",
    "undone",
    "untimely",
]
