"""An invitation to one session as a calendar file that mail programs answer to (iTIP, RFC 5546).

Times are in UTC, so that no time zone has to be described. The same invitation gives the same bytes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from channels.addresses import Mailbox
from channels.channel import CalendarFile, Method
from channels.lines import harmless, one_line

_PRODUCT = "-//Trellis//Mentoring//EN"
_PLAIN_IN_AN_ADDRESS = "@+!$*-._~='"
_NAME = str.maketrans({'"': "'", "^": " "})
"""A quotation mark in a parameter has to be written as `^'` (RFC 6868), which many calendars show as it stands."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one person is told of one session. Names and addresses are personal data."""

    method: Method
    uid: str
    sequence: int
    """Higher than in everything that this person was sent about the session before."""
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str
    tentative: bool
    organizer: Mailbox
    attendee: Mailbox


def calendar_file(invitation: Invitation) -> CalendarFile:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(_event(invitation))
    return CalendarFile(invitation.method, calendar.to_ical().decode())


def _event(invitation: Invitation) -> Event:
    event = Event.new(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=invitation.changed_at.astimezone(UTC),
        start=invitation.starts_at.astimezone(UTC),
        end=invitation.ends_at.astimezone(UTC),
        summary=one_line(invitation.title),
        description=harmless(invitation.description) or None,
        status=_status(invitation),
    )
    asked = {"cutype": "INDIVIDUAL", "role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "TRUE"}
    event.add("organizer", _person(invitation.organizer), encode=False)
    event.add("attendee", _person(invitation.attendee, **asked), encode=False)
    return event


def _status(invitation: Invitation) -> STATUS:
    if invitation.method == "CANCEL":
        return STATUS.CANCELLED
    return STATUS.TENTATIVE if invitation.tentative else STATUS.CONFIRMED


def _person(mailbox: Mailbox, **parameters: Any) -> vCalAddress:
    address = vCalAddress(f"mailto:{quote(mailbox.address, safe=_PLAIN_IN_AN_ADDRESS)}")
    name = one_line(mailbox.name.translate(_NAME))
    address.params.update(({"cn": name} if name else {}) | parameters)
    return address
