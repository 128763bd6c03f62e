"""How long learners have been quiet, as the views have it at a moment."""

from datetime import UTC, datetime, time, timedelta

from domain.activity import LearnerWasActive
from domain.ids import activity_stream
from domain.journey import fold
from projections.runner import catch_up
from projections.silences import silences
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import DAY, KIT, journey, publish, story, tell


async def test_who_was_never_active_elsewhere_is_quiet_since_the_journey_saw_them(pool: Pool, dsn: str) -> None:
    """Days after the moment do not count, and those of that day count up to it."""
    await publish(pool)
    log = EventLog(pool)
    events = [story(number, 6) for number in range(4)]
    known = [state.quiet_from for one in events if (state := fold(one)) and state.quiet_from]
    at = datetime.combine((max(known) + 5 * DAY).date(), time(9), UTC)
    for number, told in enumerate(events):
        await tell(log, number, told)
    for number, day in ((1, at - DAY), (2, at), (3, at + DAY)):
        seen = encode([LearnerWasActive(at=day, clicks=1, pages=1)], f"seen-{number}")
        await log.append(activity_stream(journey(number)), 0, f"seen-{number}", seen)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    found = sorted(one.since for one in await silences(pool, KIT.program_id, at))
    assert found == [*sorted((known[0], known[3])), at - DAY + timedelta(hours=3), at]
