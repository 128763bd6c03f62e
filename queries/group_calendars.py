"""The sessions of groups as entries of their mentors' feeds: each once, however many members there are."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from icalendar import Event
from icalendar.enums import STATUS

from channels.lines import harmless
from domain.cohort import EVENTS, INITIAL, CohortEvent, CohortState, evolve
from domain.cohort.state import Meeting
from domain.ids import CohortId, MentorId, ProgramId, SessionId, cohort_stream
from domain.journey import calendar
from domain.kit import Kit
from projections.views import cohorts
from queries.cohorts import title_of
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_CODEC = Codec(EVENTS)


async def led_by(pool: Pool, mentor: MentorId, programs: frozenset[ProgramId] | None = None) -> list[Event]:
    """Of the groups that are not closed. Names no learner. `programs`: of these alone."""
    found: list[Event] = []
    for row in await cohorts.of_program(pool, mentor=mentor):
        if programs is not None and row.program not in programs:
            continue
        events = _CODEC.decode_known(await EventLog(pool).read_stream(cohort_stream(row.cohort)))
        found += await _entries(pool, row.cohort, events)
    return found


async def _entries(pool: Pool, group: CohortId, events: Sequence[CohortEvent]) -> list[Event]:
    state, changes = _changes(events)
    assert state.kit, "a group that the view has was formed"
    kit = await kits.load(pool, state.kit)
    return list(_written(group, kit, state, changes))


def _changes(events: Sequence[CohortEvent]) -> tuple[CohortState, dict[SessionId, calendar.Change]]:
    """The group, and how often each of its sessions has changed since it was planned."""
    state, shown, changes = INITIAL, dict[SessionId, object](), dict[SessionId, calendar.Change]()
    for event in events:
        state = evolve(state, event)
        for one in state.meetings:
            now = one.starts_at, _status(one)
            if shown.get(one.session) != now:
                before = changes.get(one.session)
                changes[one.session] = calendar.Change(before.times + 1 if before else 0, event.at.astimezone(UTC))
                shown[one.session] = now
    return state, changes


def _status(one: Meeting) -> STATUS:
    return STATUS.CANCELLED if one.called_off else STATUS.CONFIRMED


def _written(
    group: CohortId, kit: Kit, state: CohortState, changes: dict[SessionId, calendar.Change]
) -> Iterator[Event]:
    pathway = kit.pathway(state.pathway) if state.pathway else None
    plans = {one.id: one for one in pathway.sessions} if pathway else {}
    for one in state.meetings:
        plan, change = plans[one.session], changes[one.session]
        starts_at: datetime = one.starts_at.astimezone(UTC)
        yield Event.new(
            uid=f"cohort/{group}/{calendar.session_key(one.session)}@trellis",
            sequence=change.times,
            stamp=change.at,
            last_modified=change.at,
            summary=harmless(calendar.titled(plan.title, title_of(kit, state.number), kit.title)),
            description=harmless(plan.purpose),
            start=starts_at,
            end=starts_at + plan.length,
            status=_status(one),
        )
