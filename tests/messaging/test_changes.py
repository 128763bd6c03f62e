"""Letters about changes, from the log to the channel: people's words are in the letter alone, and what was undone
before it was sent is not written."""

import pytest

from activities.notifications import Notifications
from domain.ids import MentorId
from domain.journey import events as e
from domain.kit import Kit
from store.database import Pool
from store.people import zone_of
from tests.domain.stories import KIT as STORY
from tests.messaging import in_sessions
from tests.messaging.in_sessions import CV, JOURNEY, NOW, S1, at, moved
from tests.messaging.told import LEA, Remembering, became, both, plan, record, send
from workflows.notification_activities import Delivery

_TEXT = "{{ what }} {{ result }} {{ due }}\n\n{{ said }}\n\n{{ steps }}\n\n{{ dates }}\n"
KIT = Kit.model_validate(
    STORY.model_dump()
    | {
        "version": "changes",
        "messages": {
            one.replace("_", "-"): {"when": one, "subject": "{{ learner }}, {{ mentor }}", "text": "any.md"}
            for one in ("session_moved", "reviewed", "follow_up", "paused", "resumed", "matched")
        },
        "texts": {"any.md": _TEXT},
    }
)


async def under_way(pool: Pool, *more: e.JourneyEvent) -> int:
    return await in_sessions.under_way(pool, KIT, *more)


def day(days: float) -> str:
    """Where the learner lives."""
    return f"{at(days).astimezone(zone_of(LEA)):%A}"


def to(version: int, who: str = "learner") -> Delivery:
    return Delivery.model_validate({"journey": JOURNEY, "version": version, "to": who})


async def skipped(pool: Pool, channel: Remembering, deliver: Delivery) -> str | None:
    assert await both(Notifications(pool, channel), deliver) == "skipped"
    state, _ = await became(pool, deliver)
    return state.because if state else None


async def test_the_words_of_a_review_are_in_the_letter_and_nowhere_else(pool: Pool) -> None:
    words = "Name results.\x1b[31m\nNot tasks."
    last = await under_way(
        pool,
        e.MilestoneSubmitted(at=NOW, milestone=CV, attempt=1, review_due_at=at(3)),
        e.MilestoneReviewed(at=NOW, milestone=CV, attempt=1, verdict="returned", feedback=words, due_at=at(3)),
    )
    channel = Remembering()
    assert await both(Notifications(pool, channel), to(last)) == "sent"
    (letter,) = channel.letters
    assert letter.subject == "Lea Berg, Ana Ruiz"
    assert letter.text.startswith("CV returned ")
    assert "> Name results. [31m\n> Not tasks.\n" in letter.text
    rows = await pool.fetch("select data::text || meta::text as text from trellis.events where stream like 'message-%'")
    assert rows
    assert not any("results" in row["text"] for row in rows)


async def test_a_follow_up_names_each_step_its_owner_and_its_day(pool: Pool) -> None:
    steps = (
        e.ActionItem(item="s1-1", owner="learner", due_at=at(5), text="Write\nthe first line"),
        e.ActionItem(item="s1-2", owner="mentor", due_at=at(6), text="Send three ads"),
    )
    last = await under_way(pool, e.FollowUpSent(at=NOW, session=S1, summary="We agreed.", items=steps))
    channel = Remembering()
    assert await both(Notifications(pool, channel), to(last)) == "sent"
    (letter,) = channel.letters
    assert f"\n- Write the first line, by {day(5)}" in letter.text
    assert f"\n- Send three ads (Ana Ruiz), by {day(6)}" in letter.text


async def test_a_session_that_was_moved_back_before_anybody_knew_is_not_written_of(pool: Pool) -> None:
    last = await under_way(pool, moved(4), moved(3))
    channel = Remembering()
    assert await skipped(pool, channel, to(last - 1)) == "the session has another date by now"
    assert await skipped(pool, channel, to(last)) == "it was undone before anybody was told of it"
    assert channel.letters == []


async def test_who_was_told_of_a_move_is_told_that_it_was_taken_back(pool: Pool) -> None:
    last, channel = await under_way(pool, moved(4)), Remembering()
    assert await both(Notifications(pool, channel), to(last)) == "sent"
    await record(pool, JOURNEY, last, [moved(3)])
    assert await both(Notifications(pool, channel), to(last + 1)) == "sent"
    assert await skipped(pool, channel, to(last + 1, "mentor")) == "it was undone before anybody was told of it", (
        "the mentor has heard of neither"
    )


async def test_of_two_pauses_that_wait_for_the_morning_the_later_is_told(pool: Pool) -> None:
    pause = e.JourneyPaused(at=NOW, reason="ill", until=at(5))
    last, channel = await under_way(pool, pause), Remembering()
    await plan(Notifications(pool, channel), to(last))
    await record(pool, JOURNEY, last, [e.PauseChanged(at=NOW, reason="still ill", until=at(9))])
    assert (await send(Notifications(pool, channel), to(last))).status == "skipped"
    assert await both(Notifications(pool, channel), to(last + 1)) == "sent"
    (letter,) = channel.letters
    assert f"{day(9)}" in letter.text


@pytest.mark.parametrize(("who", "address"), [("learner", "lea@example.org"), ("mentor", "ben@example.org")])
async def test_a_match_goes_to_the_mentor_of_this_match(pool: Pool, who: str, address: str) -> None:
    left = e.MentorReleased(at=NOW, mentor=MentorId("ana"), reason="away", match_due_at=at(5), handover="Be brief.")
    last = await under_way(pool, left, e.MentorMatched(at=NOW, mentor=MentorId("ben")))
    channel = Remembering()
    assert await both(Notifications(pool, channel), to(last, who)) == "sent"
    (letter,) = channel.letters
    assert letter.to_address == address
    assert ("> Be brief." in letter.text) == (who == "mentor")
    assert "CV (due)" in letter.text
    assert await skipped(pool, channel, to(4, "mentor")) == "the journey has another mentor by now, or none"
