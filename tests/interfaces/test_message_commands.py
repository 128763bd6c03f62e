"""`trellis messages`: what became of each, and what can be done about it."""

from dataclasses import fields

from channels.channel import Bounced
from projections.views.messages import MessageRow
from store.database import Pool
from tests.commands import Trellis
from tests.messaging.told import Remembering, sent


async def test_messages_are_listed_with_what_became_of_them(trellis: Trellis, pool: Pool) -> None:
    assert (await trellis("messages")).out == "No messages yet.\n"
    deliver, message = await sent(pool, Remembering(Bounced("550 5.1.1")))
    listed = await trellis("messages")
    assert listed.exit == 0
    assert all(word in listed.out for word in (deliver.journey, "reminder", "learner", "bounced: 550 5.1.1", message))
    (row,) = (await trellis("messages", "--status", "bounced", "--json")).json
    assert (row["message"], row["status"], row["because"]) == (message, "bounced", "550 5.1.1")
    assert (await trellis("messages", "--status", "sent")).out == "No messages match.\n"
    assert (await trellis("messages", "--journey", "nobody")).out == "No messages match.\n"


async def test_what_is_not_known_or_not_possible_is_said(trellis: Trellis, pool: Pool) -> None:
    wrong = await trellis("messages", "--status", "lost")
    assert (wrong.exit, "write one of wanted, handed_over, sent" in wrong.err) == (2, True)
    unknown = await trellis("messages", "retry", "nonsense")
    assert (unknown.exit, "there is no message 'nonsense'" in unknown.err) == (1, True)
    _, message = await sent(pool, Remembering())
    again = await trellis("messages", "retry", message)
    assert (again.exit, "nobody is told twice" in again.err) == (1, True)
    by = await trellis("messages", "retry", message, "--by", "Ana Brook")
    assert (by.exit, "write ops, or ops:ana" in by.err) == (2, True)


async def test_mail_that_came_back_is_reported_once(trellis: Trellis, pool: Pool) -> None:
    _, message = await sent(pool, Remembering())
    first = await trellis("messages", "bounced", message, "--because", "5.2.2")
    assert (first.exit, first.out) == (0, f"Message {message} is now marked as bounced\n")
    assert "was already marked" in (await trellis("messages", "bounced", message, "--because", "5.2.2")).out
    (row,) = (await trellis("messages", "--json")).json
    assert row["status"] == "bounced"


def test_nothing_personal_is_listed() -> None:
    assert not {"subject", "text", "address", "name"} & {one.name for one in fields(MessageRow)}
