"""Notifications of people: which events of a journey call for one, what it says, and what became of it.

In reading order: notices (what an event calls for), changes and wording (what it says), invitations (what calendars are
told), events, state, decide.
They are called messages in kits, in stored events and in the contract.
"""

from domain.notification.changes import Dated, earlier, superseded, undone
from domain.notification.decide import NOTIFICATION
from domain.notification.events import EVENTS, NotificationEvent
from domain.notification.invitations import (
    Call,
    Entry,
    Invited,
    Kits,
    Telling,
    calls,
    entry,
    followed,
    may_call,
    telling,
)
from domain.notification.notices import Notice, notices, notification_id, untimely
from domain.notification.state import NotificationState, Status, evolve, fold
from domain.notification.wording import Contents, contents, obsolete

__all__ = [
    "EVENTS",
    "NOTIFICATION",
    "Call",
    "Contents",
    "Dated",
    "Entry",
    "Invited",
    "Kits",
    "Notice",
    "NotificationEvent",
    "NotificationState",
    "Status",
    "Telling",
    "calls",
    "contents",
    "earlier",
    "entry",
    "evolve",
    "fold",
    "followed",
    "may_call",
    "notices",
    "notification_id",
    "obsolete",
    "superseded",
    "telling",
    "undone",
    "untimely",
]
