"""Invitations to sessions, from the log to the channel: each calendar is told what changes, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
import vobject
from temporalio.testing import WorkflowEnvironment

from activities.notifications import Notifications
from channels.addresses import Mailbox
from domain.ids import MentorId, SessionId, journey_stream, notification_stream
from domain.journey import events as e
from domain.kit import Kit
from domain.notification import notification_id
from runtime import courier as runtime_courier
from runtime.courier import called_for, called_of, delivery_of
from services.reconciling.messages import NotificationWorkflows
from store import courier
from store.database import Pool
from store.event_log import EventLog
from store.sequencer import drain
from tests.domain.stories import KIT as STORY
from tests.messaging import in_sessions
from tests.messaging.in_sessions import JOURNEY, S1, at, moved
from tests.messaging.told import Post, Remembering, became, both, record
from workflows.notification_activities import Delivery, id_of

S2 = SessionId("s2")
_ODD = "Größe, „zuerst“; 🌱"
_TITLES = {"s1": _ODD}
KIT = Kit.model_validate(
    STORY.model_dump()
    | {
        "version": "invitations",
        "messages": {"invite": {"when": "invitation", "subject": "{{ result }}: {{ what }}", "text": "i.md"}},
        "texts": {"i.md": "{{ name }}, {{ learner }}, {{ mentor }}: {{ due }}"},
        "pathways": [
            one | {"sessions": [step | {"title": _TITLES.get(step["id"], step["title"])} for step in one["sessions"]]}
            for one in STORY.model_dump()["pathways"]
        ],
    }
)
PLANNED = 5
"""The version of the event that plans the sessions."""
closed = e.JourneyClosed(at=at(0), ending="withdrawn", reason="moved away")


async def under_way(pool: Pool, *more: e.JourneyEvent) -> int:
    return await in_sessions.under_way(pool, KIT, *more)


def invites(version: int = PLANNED, person: str = "lea", session: str = S1) -> Delivery:
    to = "learner" if person == "lea" else "mentor"
    return Delivery.model_validate(
        {"journey": JOURNEY, "version": version, "to": to, "session": session, "person": person}
    )


async def sent(pool: Pool, deliver: Delivery) -> tuple[Any, Any]:
    """The letter, and the event in its calendar file."""
    channel = Remembering()
    sender = Notifications(pool, channel, organizer=Mailbox("", "office@trellis.example"))
    assert await both(sender, deliver) == "sent"
    (letter,) = channel.letters
    assert letter.calendar
    calendar = vobject.readOne(letter.calendar.content)
    assert calendar.method.value == letter.calendar.method
    return letter, calendar.vevent


async def skipped(pool: Pool, deliver: Delivery) -> str | None:
    assert await both(Notifications(pool, Remembering()), deliver) == "skipped"
    state, _ = await became(pool, deliver)
    return state.because if state else None


async def test_an_invitation_is_written_for_its_reader(pool: Pool) -> None:
    await under_way(pool)
    letter, event = await sent(pool, invites())
    assert (letter.to_address, letter.calendar.method) == ("lea@example.org", "REQUEST")
    assert (letter.subject, letter.text.partition(": ")[0]) == (f"new: {_ODD}", "Lea Berg, Lea Berg, Ana Ruiz")
    assert (event.dtstart.value, event.dtend.value - event.dtstart.value) == (at(3), timedelta(hours=1))
    assert event.uid.value == "first-steps.lea/session/s1@trellis"
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")
    assert event.summary.value == f"{_ODD} with Ana Ruiz (First steps)"
    assert (event.attendee.value, event.attendee.params["CN"]) == ("mailto:lea@example.org", ["Lea Berg"])
    assert (event.organizer.value, event.organizer.params["CN"]) == ("mailto:office@trellis.example", ["First steps"])
    _, to_the_mentor = await sent(pool, invites(person="ana"))
    assert to_the_mentor.summary.value == f"{_ODD} with Lea Berg (First steps)"
    assert to_the_mentor.attendee.value == "mailto:ana@example.org"
    state, _ = await became(pool, invites(person="ana"))
    assert state
    assert (state.recipient, state.session) == ("ana", "s1")


async def test_a_session_that_moves_keeps_its_uid_and_counts_up(pool: Pool) -> None:
    version = await under_way(pool)
    _, before = await sent(pool, invites())
    await record(pool, JOURNEY, version, [moved(5)])
    letter, after = await sent(pool, invites(version + 1))
    assert (after.uid.value, after.dtstart.value) == (before.uid.value, at(5))
    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert letter.subject == f"changed: {_ODD}"


async def test_what_a_later_event_tells_is_not_told_before(pool: Pool) -> None:
    version = await under_way(pool, moved(5))
    assert await skipped(pool, invites()) == "a later letter tells of it"
    letter, event = await sent(pool, invites(version))
    assert (event.dtstart.value, letter.subject) == (at(5), f"new: {_ODD}"), "the first that this reader gets"


async def test_what_was_undone_before_it_was_sent_is_not_told(pool: Pool) -> None:
    version = await under_way(pool)
    await sent(pool, invites())
    await record(pool, JOURNEY, version, [moved(5), moved(3)])
    assert await skipped(pool, invites(version + 1)) == "a later letter tells of it"
    assert await skipped(pool, invites(version + 2)) == "it was undone before anybody was told of it"


@pytest.mark.parametrize(
    "ending",
    [
        closed,
        e.AttendanceRecorded(at=at(0), session=S1, attendance="cancelled_in_time"),
        e.MovedToKit(at=at(0), kit=KIT.digest, reason="fewer", ends_at=at(28)),
    ],
    ids=lambda one: one.type,
)
async def test_a_session_that_will_not_be_is_cancelled_for_both(pool: Pool, ending: e.JourneyEvent) -> None:
    version = await under_way(pool)
    for person in ("lea", "ana"):
        _, before = await sent(pool, invites(person=person))
        if person == "lea":
            await record(pool, JOURNEY, version, [ending])
            letter, event = await sent(pool, invites(version + 1))
            assert (letter.calendar.method, event.status.value) == ("CANCEL", "CANCELLED")
            assert (event.uid.value, event.sequence.value) == (before.uid.value, "1")
            assert (letter.subject, event.dtstart.value) == (f"cancelled: {_ODD}", at(3))
            break
    assert await skipped(pool, invites(version + 1, "ana")) == "they were not invited to the session"


async def test_when_another_mentor_takes_over_each_is_told_what_is_theirs(pool: Pool) -> None:
    version = await under_way(pool)
    for person in ("lea", "ana"):
        await sent(pool, invites(person=person))
    await record(pool, JOURNEY, version, [e.MentorMatched(at=at(0), mentor=MentorId("ben"))])
    told = {person: await sent(pool, invites(version + 1, person)) for person in ("lea", "ana", "ben")}
    methods = {person: letter.calendar.method for person, (letter, _) in told.items()}
    assert methods == {"lea": "REQUEST", "ana": "CANCEL", "ben": "REQUEST"}
    assert {event.sequence.value for _, event in told.values()} == {"1"}
    assert told["lea"][1].summary.value == f"{_ODD} with Ben (First steps)"
    assert told["ana"][1].summary.value == f"{_ODD} with Lea Berg (First steps)"


async def test_until_another_mentor_is_found_the_learners_entry_is_tentative(pool: Pool) -> None:
    version = await under_way(pool)
    for person in ("lea", "ana"):
        await sent(pool, invites(person=person))
    left = e.MentorReleased(at=at(0), mentor=MentorId("ana"), reason="ill", match_due_at=at(5))
    await record(pool, JOURNEY, version, [left])
    letter, event = await sent(pool, invites(version + 1))
    assert (letter.calendar.method, event.status.value) == ("REQUEST", "TENTATIVE")
    assert event.summary.value == f"{_ODD} (First steps)"
    letter, event = await sent(pool, invites(version + 1, "ana"))
    assert (letter.calendar.method, event.sequence.value) == ("CANCEL", "1")


@pytest.mark.parametrize(
    ("days", "ago", "because"),
    [(9, 4, "it would come too late"), (-0.2, 1, "the session is over")],
)
async def test_nobody_is_invited_too_late(pool: Pool, days: float, ago: float, because: str) -> None:
    version = await under_way(pool, moved(days, ago=timedelta(days=ago)))
    assert await skipped(pool, invites(version)) == because


async def test_the_courier_calls_for_an_invitation_of_each_person_to_each_session(pool: Pool, dsn: str) -> None:
    await under_way(pool, e.MentorMatched(at=at(0), mentor=MentorId("ben")))
    await drain(dsn)
    planned, taken_over = [
        await called_for(pool, one) for one in await EventLog(pool).read_all(0, 100) if one.version >= PLANNED
    ]
    assert planned == [invites(), invites(person="ana")]
    assert [one for one in taken_over if one.session] == [invites(6), invites(6, "ana"), invites(6, "ben")]
    assert [one.to for one in taken_over if not one.session] == ["learner", "mentor"]
    assert len({id_of(one) for one in taken_over}) == 5


def test_the_ids_of_other_notifications_are_what_they_always_were() -> None:
    stream = journey_stream(JOURNEY)
    assert notification_id(stream, 2, "learner") == "c5f075d1-d035-5256-8efb-4b075383cb71"
    assert notification_id(stream, 2, "learner", S1, "lea") != notification_id(stream, 2, "learner", S2, "lea")


async def test_the_courier_starts_each_and_one_that_temporal_lost_is_called_for_again(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its first event from what the courier stored, afterwards from the log."""
    monkeypatch.setattr(runtime_courier, "INVITED_AFTER", timedelta(seconds=0.1))
    await under_way(pool)
    post, channel, lost = Post(temporal, pool, dsn), Remembering(), invites(person="ana")
    await courier.move(pool, 1, [called_of(lost)])
    kind = NotificationWorkflows(pool, temporal.client, post.queue)
    begin = await kind.to_start(notification_stream(id_of(lost)))
    assert begin
    await drain(dsn)
    async with post.with_channel(channel):
        await begin()
        await post.status_when(lost, lambda status: status == "sent")
        async with post.with_couriers():
            await post.status_when(invites(), lambda status: status == "sent")
    assert [(one.to_name, one.calendar and one.calendar.method) for one in channel.letters] == [
        ("Ana Ruiz", "REQUEST"),
        ("Lea Berg", "REQUEST"),
    ]
    state, _ = await became(pool, lost)
    assert state
    assert delivery_of(state) == lost
