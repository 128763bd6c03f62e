"""What a notification says, to whom, and why it may not be needed any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, get_args

from temporalio.exceptions import ApplicationError

from activities import invitations, survey_letters, template_variables
from activities.survey_letters import Link
from channels.addresses import Mailbox
from channels.channel import Notification
from channels.rendering import TemplateError, render, render_subject
from domain import journey, notification
from domain.ids import JourneyId, MentorId, NotificationId, journey_stream, notification_stream
from domain.journey import JourneyEvent, JourneyState
from domain.kit import Change, Kit
from domain.notification import NOTIFICATION, Call, Contents, Entry, Kits, Notice, NotificationState, Telling
from store import kits, people
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.people import Kind, Person
from store.transact import read
from workflows.notification_activities import Delivery

OPS = "ops"
WRITTEN = "written by a person"
"""In the place of the name of a kit's message, of one that a person wrote."""
_JOURNEYS = Codec(journey.EVENTS)
_ON_ITS_WAY = frozenset({"sent", "handed_over", "uncertain"})
"""These may have reached the recipient."""


class Pages(Protocol):
    """Where people read and act themselves."""

    async def link(self, role: Kind, person: str, at: datetime, /) -> str:
        """The address of somebody's own page, for a letter about something that happened at this moment."""

    def journey_page(self, journey: str, /) -> str:
        """The address of a journey's page for ops."""


class Skipped(Exception):
    """There is nothing to send, or nowhere to send it. The message says why, without personal data."""


@dataclass(frozen=True, slots=True)
class Context:
    """What there is to know when a notification is planned or sent."""

    notice: Notice
    kit: Kit
    then: JourneyState
    """The journey right after the event that calls for the notification."""
    now: JourneyState
    version: int
    log: Sequence[JourneyEvent]
    """All events of the journey, also those after this version."""
    journey: JourneyId
    kits: Kits = field(default_factory=dict)
    """For an invitation: every version that the journey has followed."""
    calls: Sequence[Call] = ()
    """For an invitation: all that invite this person to this session, in the order of the log."""
    obsolete: str | None = None
    """For a survey: why it need not be sent any more. None: it need."""

    @property
    def call(self) -> Call | None:
        return next((one for one in self.calls if one.version == self.version), None)

    @property
    def recipient(self) -> str | None:
        notice, offer = self.notice, self.then.offer
        match notice.to:
            case "learner":
                return self.then.learner
            case "mentor" if notice.mentor:
                return notice.mentor
            case "mentor":
                return offer.mentor if notice.when == "offer" and offer else self.now.mentor
            case "ops":
                return OPS


class Composer:
    """Reads what a notification is about, and renders it from the texts of the kit."""

    def __init__(
        self,
        pool: Pool,
        ops_address: str | None,
        organizer: Mailbox,
        *,
        link: Link | None = None,
        pages: Pages | None = None,
    ) -> None:
        self._pool = pool
        self._log = EventLog(pool)
        self._ops_address = ops_address
        self._organizer = organizer
        self._link = link
        self._pages = pages

    async def context(self, delivery: Delivery) -> Context:
        """Raises a non-retryable ApplicationError when there is no such event, or it calls for no notification."""
        if delivery.survey:
            return await self._context_of_survey(delivery)
        recorded = await self._log.read_stream(journey_stream(delivery.journey))
        events = _JOURNEYS.decode_known(recorded)
        known: Kits = await invitations.kits_of(self._pool, events) if delivery.session else {}
        calls = [one for one in notification.calls(events, known) if _is_for(one, delivery)] if delivery.session else ()
        notice = _notice(delivery, events, calls)
        then, now = journey.fold(events[: delivery.version]), journey.fold(events)
        if not (notice and then and now):
            says = f"event {delivery.version} of journey {delivery.journey} calls for no message to {delivery.to}"
            raise ApplicationError(says, type="NoSuchMessage", non_retryable=True)
        kit = await kits.load(self._pool, then.kit)
        return Context(notice, kit, then, now, delivery.version, events, delivery.journey, known, calls)

    async def _context_of_survey(self, delivery: Delivery) -> Context:
        """Raises a non-retryable ApplicationError when nobody was asked this."""
        events = _JOURNEYS.decode_known(await self._log.read_stream(journey_stream(delivery.journey)))
        then, now = journey.fold(events[: delivery.version]), journey.fold(events)
        found = await survey_letters.find(self._pool, delivery)
        if not (found and then and now):
            raise ApplicationError(f"nobody was asked {delivery.survey}", type="NoSuchMessage", non_retryable=True)
        at = datetime.now(UTC)
        notice, why = await survey_letters.notice(found, delivery, self._link, at), found.obsolete(at)
        return Context(notice, found.kit, then, now, delivery.version, events, delivery.journey, obsolete=why)

    async def render(
        self, message: NotificationId, state: NotificationState, context: Context
    ) -> tuple[str, Notification]:
        """The name of the message in the kit, and what is sent. Raises Skipped."""
        if context.call:
            return await self._render_invitation(message, state, context, context.call)
        await self._require_needed(context, state)
        name, person, address = await self._addressed(state, context)
        values = await self._variables(context, person)
        subject, text = _rendered(_templates(context, name), name, values)
        return name, Notification(message, values["name"], address, subject, text)

    async def _addressed(self, state: NotificationState, context: Context) -> tuple[str, Person | None, str]:
        """The message of the kit, the recipient, and the address. Raises Skipped."""
        notice, kit = context.notice, context.kit
        if notice.when == "message":
            name: str | None = WRITTEN
        else:
            name = kit.message_for(notice.when, notice.to, notice.rule, notice.of)
        if name is None:
            raise Skipped("the kit has no message for this occasion")
        person = await self.person(state)
        address = self._ops_address if state.to == OPS else person and person.email
        if not address:
            raise Skipped("the recipient has no address")
        return name, person, address

    async def _render_invitation(
        self, message: NotificationId, state: NotificationState, context: Context, call: Call
    ) -> tuple[str, Notification]:
        """As `render`, with a file for calendars."""
        told = await self._telling(context, call)
        name, person, address = await self._addressed(state, context)
        other = told.entry.other
        mentor = MentorId(call.invited.person) if call.invited.to == "mentor" else other and MentorId(other)
        contents = Contents(what=told.entry.title, due_at=told.entry.starts_at, mentor=mentor or None)
        names = await people.names_of(self._pool, filter(None, (context.then.learner, contents.mentor)))
        notice = context.notice.model_copy(update={"result": told.result})
        values = await self._values(context, notice, contents, names, person)
        subject, text = _rendered(_templates(context, name), name, values)
        file = invitations.file(
            told,
            call,
            journey=context.journey,
            kit=context.kit,
            events=context.log,
            other=names.get(other, other) if other else None,
            organizer=self._organizer,
            attendee=(values["name"], address),
        )
        return name, Notification(message, values["name"], address, subject, text, file)

    async def _telling(self, context: Context, call: Call) -> Telling:
        """What the calendar is told, compared with what this person was sent last. Raises Skipped."""
        now = datetime.now(UTC)
        if why := notification.untimely(context.notice.at, now):
            raise Skipped(why)
        if any(one.version > call.version for one in context.calls):
            raise Skipped("a later letter tells of it")
        entry = notification.entry(context.kits, context.now, call.session, call.invited)
        told = notification.telling(entry, await self._told(context, call), now)
        if isinstance(told, str):
            raise Skipped(told)
        return told

    async def _told(self, context: Context, call: Call) -> Entry | None:
        """How the person was last told of the session; None when they were not."""
        for one in reversed(context.calls):
            if one.version < call.version and await self._may_have_come(context.journey, one):
                then = journey.fold(context.log[: one.version])
                return notification.entry(context.kits, then, one.session, one.invited) if then else None
        return None

    async def _may_have_come(self, of: JourneyId, call: Call) -> bool:
        stream = journey_stream(of)
        message = notification.notification_id(stream, call.version, call.invited.to, call.session, call.invited.person)
        state = await self._state(message)
        return state is not None and state.status in _ON_ITS_WAY

    async def _require_needed(self, context: Context, state: NotificationState) -> None:
        """Raises Skipped, when it comes too late or something has happened meanwhile."""
        if (
            why := notification.untimely(context.notice.at, datetime.now(UTC))
            or context.obsolete
            or notification.obsolete(context.now, context.notice)
            or _moved_on(context, state)
            or await self._undone(context, state)
        ):
            raise Skipped(why)

    async def _undone(self, context: Context, state: NotificationState) -> str | None:
        """Why a change needs no notification: a later one covers it, or nothing differs from what the recipient was
        last notified of."""
        notice = context.notice
        if notice.when not in (*get_args(Change), "follow_up"):
            return None
        if why := notification.superseded(context.log[context.version :], notice):
            return why
        first = context.version
        for version in notification.earlier(context.log, context.version, notice):
            before = await self._state(notification.notification_id(journey_stream(state.journey), version, notice.to))
            if before and before.status in _ON_ITS_WAY:
                break
            first = version
        known = journey.fold(context.log[: first - 1])
        return notification.undone(known, context.now, notice) if known else None

    async def _variables(self, context: Context, person: Person | None) -> dict[str, str]:
        kit, then, notice = context.kit, context.then, context.notice
        contents = notification.contents(kit, then, notice, context.log[: context.version], context.now)
        names = await people.names_of(self._pool, filter(None, (then.learner, contents.mentor)))
        return await self._values(context, notice, contents, names, person)

    async def _values(
        self, context: Context, notice: Notice, contents: Contents, names: Mapping[str, str], person: Person | None
    ) -> dict[str, str]:
        reader, zone = person.name if person else "all", people.zone_of(person)
        kit, then = context.kit, context.then
        page = await self._page(context, person)
        return template_variables.variables(
            kit, then, notice, contents, names=names, reader=reader, zone=zone, page=page
        )

    async def _page(self, context: Context, person: Person | None) -> str:
        if self._pages is None:
            return ""
        if person is None:
            return self._pages.journey_page(context.journey)
        return await self._pages.link(person.kind, person.person_id, context.notice.at)

    async def person(self, state: NotificationState) -> Person | None:
        return None if state.to == OPS else await people.get(self._pool, state.recipient)

    async def _state(self, message: NotificationId) -> NotificationState | None:
        return (await read(self._pool, notification_stream(message), NOTIFICATION)).state


def _is_for(call: Call, delivery: Delivery) -> bool:
    return (call.invited.to, call.invited.person, call.session) == (delivery.to, delivery.person, delivery.session)


def _notice(delivery: Delivery, events: Sequence[JourneyEvent], calls: Sequence[Call]) -> Notice | None:
    if delivery.session:
        return next((one.notice for one in calls if one.version == delivery.version), None)
    of_event = notification.notices(events[delivery.version - 1]) if delivery.version <= len(events) else ()
    return next((one for one in of_event if one.to == delivery.to), None)


def _templates(context: Context, name: str) -> tuple[str, str]:
    """Of the subject and of the text. Raises Skipped."""
    notice, kit = context.notice, context.kit
    if notice.when == "message":
        return notice.headline, notice.quote
    text = kit.texts.get(kit.messages[name].text)
    if text is None:
        raise Skipped(f"the text of the message {name!r} is not in the kit")
    return kit.messages[name].subject, text


def _rendered(templates: tuple[str, str], name: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text. Raises Skipped."""
    subject, text = templates
    try:
        return render_subject(subject, values), render(text, values)
    except TemplateError as error:
        raise Skipped(f"the message {name!r} cannot be rendered: {error}") from error


def _moved_on(context: Context, state: NotificationState) -> str | None:
    if state.to == "mentor" and state.recipient != (context.recipient or "nobody"):
        return "the journey has another mentor now"
    return None if context.recipient else "the journey has no mentor"
