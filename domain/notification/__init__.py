"""Messages to people: which events of a journey call for one, what it says, and what became of it.

In reading order: notices (what is to be told), changes and wording (what a template's words stand for), events, state.
"""

from domain.notification.changes import Dated, earlier, superseded, undone
from domain.notification.decide import MESSAGE
from domain.notification.events import EVENTS, MessageEvent
from domain.notification.notices import Notice, message_id, notices, untimely
from domain.notification.state import MessageState, Status, evolve, fold
from domain.notification.wording import Contents, contents, obsolete

__all__ = [
    "EVENTS",
    "MESSAGE",
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
