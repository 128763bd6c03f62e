"""The sessions of a group in the feeds of its mentors and members."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from domain.cohort import Context, cohort
from domain.cohort.commands import FormCohort, MoveSession
from domain.cohort.events import Entrant
from domain.ids import CohortId, cohort_stream, journey_stream
from domain.journey import EVENTS, decide, fold
from domain.journey.cohort import JoinCohort, Meeting
from domain.kit import Kit
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from queries import calendars
from store import sequencer
from store.codec import Codec, encode
from store.database import Pool
from store.event_log import EventLog
from store.transact import transact
from tests.support.groups import ANA, S2, an_hour_before, form, large_groups, members


def entries_of(written: bytes) -> list[Event]:
    return list(Calendar.from_ical(written).events)


async def test_a_session_of_a_group_is_one_entry_for_its_mentors(pool: Pool, dsn: str) -> None:
    kit = large_groups()
    those = await members(pool, kit, 3)
    group, command = CohortId(f"{kit.program}.1"), form(kit, those)
    decider, stream = cohort(Context(group, kit)), cohort_stream(group)
    await transact(pool, stream, decider, command, an_hour_before())
    move = MoveSession(session=S2, starts_at=command.sessions[1].starts_at + timedelta(days=1))
    await transact(pool, stream, decider, move, datetime.now(UTC))
    for one in those:
        await tell_journey(pool, kit, one, command)
    await sequencer.drain(dsn)
    await catch_up(dsn, [PROJECTIONS["board"], PROJECTIONS["cohorts"]])
    feed = [one for one in entries_of(await calendars.of_mentor(pool, ANA)) if "session" in str(one.uid)]
    together = {str(one.uid): one for one in feed if str(one.uid).startswith("cohort/")}
    assert sorted(together) == [f"cohort/{group}/session/{one}@trellis" for one in ("s1", "s2")]
    moved = together[f"cohort/{group}/session/s2@trellis"]
    assert (moved.start, moved["sequence"]) == (move.starts_at.replace(microsecond=0), 1)
    assert str(moved.summary) == "Review with Group 1 (First steps)"
    assert {str(one.uid).split("/")[-1] for one in feed if one not in together.values()} == {"s3@trellis"}
    for one in those:
        mine = {str(each.uid).partition("/")[2] for each in entries_of(await calendars.of_journey(pool, one.journey))}
        assert {f"session/{each}@trellis" for each in ("s1", "s2", "s3")} <= mine, "each learner has all of theirs"


async def tell_journey(pool: Pool, kit: Kit, one: Entrant, command: FormCohort) -> None:
    """As the workflow of the group lets it join."""
    stream = journey_stream(one.journey)
    recorded = await EventLog(pool).read_stream(stream)
    state = fold(Codec(EVENTS).decode_known(recorded))
    sessions = tuple(Meeting(session=each.session, starts_at=each.starts_at) for each in command.sessions)
    join = JoinCohort(cohort=CohortId(f"{kit.program}.1"), sessions=sessions, since=an_hour_before())
    events = decide(kit, state, join, datetime.now(UTC))
    await EventLog(pool).append(stream, len(recorded), f"{stream}:join", encode(events, f"{stream}:join"))
