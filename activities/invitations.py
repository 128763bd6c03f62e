"""What the calendar of somebody who is invited to a session is told, from the log of the journey."""

from collections.abc import Sequence

from channels.addresses import Mailbox, person_address
from channels.channel import CalendarFile
from channels.invitations import Invitation, calendar_file
from channels.lines import one_line
from domain.ids import JourneyId
from domain.journey import JourneyEvent, calendar
from domain.kit import Kit
from domain.notification import Call, Kits, Telling, followed
from store import kits
from store.database import Pool


async def kits_of(pool: Pool, events: Sequence[JourneyEvent]) -> Kits:
    """Every version that the journey has followed."""
    return {digest: await kits.load(pool, digest) for digest in set(followed(events))}


def file(
    told: Telling,
    call: Call,
    *,
    journey: JourneyId,
    kit: Kit,
    events: Sequence[JourneyEvent],
    other: str | None,
    organizer: Mailbox,
    attendee: tuple[str, str],
) -> CalendarFile | None:
    """`events`: all of the journey; `other`: the name of the other person; `attendee`: name and address. None for
    an address to which no mail goes."""
    name, address = attendee
    try:
        recipient = Mailbox(one_line(name), person_address(address))
    except ValueError:
        return None
    key = calendar.session_key(call.session)
    change = calendar.changes(events)[key]
    entry = told.entry
    invitation = Invitation(
        method="CANCEL" if told.result == "cancelled" else "REQUEST",
        uid=calendar.uid(journey, key),
        sequence=change.times,
        changed_at=change.at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        title=calendar.titled(entry.title, other, kit.title),
        description=entry.purpose,
        tentative=entry.status == "TENTATIVE",
        organizer=organizer if organizer.name else Mailbox(one_line(kit.title), organizer.address),
        attendee=recipient,
    )
    return calendar_file(invitation)
