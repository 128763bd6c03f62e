"""A message is planned, handed over, and told of: once, whatever is cut off when."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notifications import Notifications
from channels.channel import Bounced, NotTaken, Uncertain
from domain.journey.events import IntakeSubmitted, JourneyClosed, Nudged
from domain.journey.messages import MessageWritten
from domain.kit import Kit
from services.own_pages import OwnPages
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.messaging.told import (
    KIT,
    LEA,
    Holding,
    Killed,
    Mortal,
    Remembering,
    became,
    both,
    night_of,
    plan,
    record,
    reminded,
    send,
)
from workflows.notification_activities import Delivery


async def test_a_reminder_is_written_from_the_kit_and_the_person(pool: Pool) -> None:
    channel, deliver = Remembering(), await reminded(pool)
    assert await both(Notifications(pool, channel), deliver) == "sent"
    (letter,) = channel.letters
    assert (letter.to_name, letter.to_address) == ("Lea Berg", "lea@example.org")
    assert letter.subject == f"{KIT.title} waits"
    due = (datetime.now(UTC) + timedelta(days=11)).astimezone(ZoneInfo("Europe/Berlin"))
    assert letter.text.startswith(f"Hello Lea Berg,\n\nthe intake is open until {due:%A} {due.day} {due:%B}")
    state, events = await became(pool, deliver)
    assert events == ["wanted", "handed_over", "sent"]
    assert state
    assert (state.recipient, state.channel, state.attempts) == ("lea", "remembering", 1)


async def test_nothing_personal_is_in_the_log(pool: Pool) -> None:
    refused = Bounced("550: no such mailbox")
    deliver = await reminded(pool)
    await both(Notifications(pool, Remembering(refused)), deliver)
    rows = await pool.fetch("select data::text || meta::text as text from trellis.events where stream like 'message-%'")
    assert len(rows) == 3
    assert not any(word in row["text"] for row in rows for word in ("Lea", "example.org", "Hello"))


async def test_who_asks_again_sends_nothing_again(pool: Pool) -> None:
    channel, deliver = Remembering(), await reminded(pool)
    for _ in range(3):
        assert await both(Notifications(pool, channel), deliver) == "sent"
    assert len(channel.letters) == 1


@pytest.mark.parametrize(("error", "status"), [(Bounced("550"), "bounced"), (Uncertain("it fell silent"), "uncertain")])
async def test_what_the_channel_says_is_final(pool: Pool, error: Exception, status: str) -> None:
    channel, deliver = Remembering(error), await reminded(pool)
    assert await both(Notifications(pool, channel), deliver) == status
    assert await both(Notifications(pool, channel), deliver) == status
    assert channel.letters == []
    state, _ = await became(pool, deliver)
    assert state
    assert state.because == str(error)


async def test_what_was_not_taken_is_tried_again(pool: Pool) -> None:
    channel, deliver = Remembering(NotTaken("451: busy"), NotTaken("451: busy")), await reminded(pool)
    sender = Notifications(pool, channel)
    await plan(sender, deliver)
    for _ in range(2):
        with pytest.raises(ApplicationError, match="busy"):
            await send(sender, deliver)
    assert (await send(sender, deliver)).status == "sent"
    state, events = await became(pool, deliver)
    assert events == ["wanted", *["handed_over", "not_taken"] * 2, "handed_over", "sent"]
    assert state
    assert state.attempts == 3


@pytest.mark.parametrize(("asked", "waits"), [(timedelta(minutes=7), timedelta(minutes=7)), (timedelta(days=9), None)])
async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(
    pool: Pool, asked: timedelta, waits: timedelta | None
) -> None:
    """Within the day that a letter is tried: a longer wait would be its end."""
    channel, deliver = Remembering(NotTaken("429", retry_after=asked)), await reminded(pool)
    sender = Notifications(pool, channel)
    await plan(sender, deliver)
    with pytest.raises(ApplicationError) as caught:
        await send(sender, deliver)
    assert caught.value.next_retry_delay == (waits or timedelta(hours=12))


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 2), (4, 8), (7, 60), (1_000, 60)])
async def test_a_receiver_that_does_not_say_when_to_retry_is_asked_less_and_less_often(
    pool: Pool, attempt: int, minutes: int
) -> None:
    sender, deliver = Notifications(pool, Remembering(NotTaken("451"))), await reminded(pool)
    await plan(sender, deliver)
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt)
    with pytest.raises(ApplicationError) as caught:
        await environment.run(sender.send_message, deliver)
    assert caught.value.next_retry_delay == timedelta(minutes=minutes)


async def test_a_person_may_ask_for_what_was_never_sent_and_not_for_more(pool: Pool) -> None:
    channel, deliver = Remembering(Bounced("550")), await reminded(pool)
    sender, again = Notifications(pool, channel), deliver.model_copy(update={"retried_by": "ops:ana"})
    assert await both(sender, deliver) == "bounced"
    assert await both(sender, again) == "sent"
    assert await both(sender, again) == "sent"
    assert len(channel.letters) == 1


@pytest.mark.parametrize(
    ("person", "ago", "because"),
    [
        (Person("lea", "learner", "Lea"), timedelta(0), "the recipient has no address"),
        (LEA, timedelta(days=4), "it would come too late"),
        (LEA, timedelta(days=-1), "its time lies ahead: it is of a rehearsal"),
    ],
)
async def test_what_is_not_sent_says_why(pool: Pool, person: Person, ago: timedelta, because: str) -> None:
    channel, deliver = Remembering(), await reminded(pool, person, ago)
    assert await both(Notifications(pool, channel), deliver) == "skipped"
    state, _ = await became(pool, deliver)
    assert state
    assert state.because == because
    assert channel.letters == []


async def test_nobody_is_reminded_of_what_they_did_meanwhile(pool: Pool) -> None:
    channel, deliver, now = Remembering(), await reminded(pool), datetime.now(UTC)
    sender = Notifications(pool, channel)
    await plan(sender, deliver)
    await record(pool, deliver.journey, 2, [IntakeSubmitted(at=now, answers={"goal": "job"}, review_due_at=now)])
    assert (await send(sender, deliver)).status == "skipped"
    state, _ = await became(pool, deliver)
    assert state
    assert state.because == "what it would remind of is done"


async def test_a_closed_journey_writes_to_nobody(pool: Pool) -> None:
    channel, deliver = Remembering(), await reminded(pool)
    await record(pool, deliver.journey, 2, [JourneyClosed(at=datetime.now(UTC), ending="withdrawn", reason="moved")])
    assert await both(Notifications(pool, channel), deliver) == "skipped"


async def test_ops_are_written_to_at_their_address(pool: Pool) -> None:
    nudge = {"late": {"when": "nudge", "subject": "{{ learner }}", "text": "in.md"}}
    kit = Kit.model_validate(KIT.model_dump() | {"messages": nudge, "version": "nudging"})
    deliver = await reminded(pool, kit=kit)
    event = Nudged(at=datetime.now(UTC), rule=kit.escalations[0].id, about="intake#1", to="ops")
    await record(pool, deliver.journey, 2, [event])
    channel, to_ops = Remembering(), Delivery(journey=deliver.journey, version=3, to="ops")
    assert await both(Notifications(pool, channel, "ops@example.org"), to_ops) == "sent"
    (letter,) = channel.letters
    assert (letter.to_name, letter.to_address, letter.subject) == ("all", "ops@example.org", "Lea Berg")


async def test_a_letter_leads_to_the_own_page_of_its_reader_and_ops_to_the_journey(pool: Pool) -> None:
    nudge = {"late": {"when": "nudge", "subject": "{{ learner }}", "text": "in.md"}}
    content = {"messages": KIT.model_dump()["messages"] | nudge, "version": "pages", "texts": {"in.md": "{{ page }}"}}
    kit = Kit.model_validate(KIT.model_dump() | content)
    deliver = await reminded(pool, kit=kit)
    event = Nudged(at=datetime.now(UTC), rule=kit.escalations[0].id, about="intake#1", to="ops")
    await record(pool, deliver.journey, 2, [event])
    channel, to_ops = Remembering(), Delivery(journey=deliver.journey, version=3, to="ops")
    pages = OwnPages(pool, "https://trellis.example")
    for one in (deliver, to_ops):
        assert await both(Notifications(pool, channel, "ops@example.org", pages=pages), one) == "sent"
    to_learner, of_journey = (one.text.strip() for one in channel.letters)
    page = await pages.read(to_learner.removeprefix("https://trellis.example/my/"))
    assert (page.role, page.person) == ("learner", "lea")
    assert page.expires_at > datetime.now(UTC)
    assert of_journey == f"https://trellis.example/journeys/{deliver.journey}"


async def test_an_event_that_calls_for_nothing_is_no_message(pool: Pool) -> None:
    deliver = await reminded(pool)
    with pytest.raises(ApplicationError, match=r"event 1 of journey small\.lea calls for no message to learner"):
        await plan(Notifications(pool, Remembering()), deliver.model_copy(update={"version": 1}))


@pytest.mark.parametrize("own", [False, True])
async def test_a_message_waits_for_the_morning_of_the_reader(pool: Pool, own: bool) -> None:
    quiet = {"after": "21:00", "until": "08:00"}
    kit = Kit.model_validate(KIT.model_dump() | {"quiet_hours": None if own else quiet, "version": "quiet"})
    zone = night_of(5)
    person = Person("lea", "learner", "Lea", "lea@example.org", zone, {"quiet_hours": quiet} if own else {})
    deliver = await reminded(pool, person, kit=kit)
    send_at = (await plan(Notifications(pool, Remembering()), deliver)).send_at
    assert send_at
    assert send_at.astimezone(ZoneInfo(zone)).hour == 8
    assert timedelta(hours=3) < send_at - datetime.now(UTC) < timedelta(hours=6)


@pytest.mark.parametrize("repeatable", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(4))
async def test_nobody_gets_it_twice_wherever_the_sender_is_killed(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, at: int, after: bool, repeatable: bool
) -> None:
    """Wanted, claimed, handed over, told: killed before or after each, and then tried again until there is an end."""
    channel, deliver = Remembering(repeatable=repeatable), await reminded(pool)
    mortal = Mortal(at, after)
    with monkeypatch.context() as patch:
        patch.setattr(EventLog, "append", mortal.around(EventLog.append))
        patch.setattr(channel, "send", mortal.around(channel.send))
        with pytest.raises(Killed):
            await both(Notifications(pool, channel), deliver)
    status = await both(Notifications(pool, channel), deliver)

    arrived = {letter.id for letter in channel.letters}
    state, events = await became(pool, deliver)
    assert state
    assert state.status == status
    if repeatable:
        assert (status, len(arrived)) == ("sent", 1), "whoever receives it twice knows it by its id"
    else:
        assert len(channel.letters) <= 1
        assert status in ("sent", "uncertain")
        assert (status == "sent") <= (len(channel.letters) == 1)
        assert events.count("handed_over") == 1


async def test_two_who_try_at_once_send_it_once(pool: Pool) -> None:
    channel, deliver = Holding(), await reminded(pool)
    await plan(Notifications(pool, channel), deliver)
    first = asyncio.create_task(send(Notifications(pool, channel), deliver))
    await channel.has_it.wait()
    assert (await send(Notifications(pool, channel), deliver)).status == "uncertain", "the first seems dead"
    channel.let_go.set()
    assert (await first).status == "sent"
    assert len(channel.letters) == 1
    state, events = await became(pool, deliver)
    assert state
    assert state.status == "sent", "it turned out well"
    assert events == ["wanted", "handed_over", "uncertain", "sent"]


async def test_what_a_person_writes_is_delivered_in_their_words(pool: Pool) -> None:
    """Without any message of the kit, which has none for it."""
    written = MessageWritten(
        at=datetime.now(UTC), to="learner", subject="Closed on Monday, {{ name }}", text="We are back on {{ program }}."
    )
    reminder, channel = await reminded(pool), Remembering()
    await record(pool, reminder.journey, 2, [written])
    deliver = reminder.model_copy(update={"version": 3})
    assert await both(Notifications(pool, channel), deliver) == "sent"
    (letter,) = channel.letters
    assert (letter.subject, letter.text) == ("Closed on Monday, Lea Berg", f"We are back on {KIT.title}.\n")
