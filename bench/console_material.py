"""What the pages of ops are measured on: a program much larger than most, and what an installation of years has.

Half of all journeys are in the program `ready`, the others in ten more; the measures of `ready` are those of twice as
many. Streams are written as events where pages read them: of mentors with their ledgers, and of one journey with
thousands of events. The rest is written into the views.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bench.console_details import add_details
from bench.measures import filled, tables_filled
from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, StreamId, journey_stream
from domain.journey import COMMANDS, JourneyEvent, decide, fold
from domain.kit import Kit
from domain.mentor import mentor_stream
from domain.mentor.belonging import JoinedProgram
from domain.mentor.demand import Demand, WeekDemand, week_after, week_of
from domain.mentor.ledger import PlaceConfirmed, PlaceReserved
from domain.monthly_review import REVIEW, DraftReview, review_stream
from domain.monthly_review.document import Cases, ReviewDocument
from domain.monthly_review.period import period
from domain.program import Enroll, OpenEnrollment
from domain.values import Event
from kits.loading import publish
from projections.runner import catch_up
from runtime.fan_out import fan_out
from services import places
from services.enrolling import Enrollment, record_published
from store import people, sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import transact
from tests.projections.boards import FILL, FILL_AWAITED, FILL_FLAGS, FILL_PEOPLE
from tests.projections.stories import KIT, journey, story, tell

LONGEST = journey(7)
MENTOR, MONTH = MentorId("m-1"), "2026-01"
_TOLD = 200
_TELLING_MENTORS = 3
"""Those of the journeys that are told. The journeys of the others are on the board and in ledgers alone."""
_LEARNERS_OF_A_MENTOR = 12
_AT_ONCE = 8
_ENROLLED_AT_ONCE = 1_000


async def fill(pool: Pool, dsn: str, journeys: int) -> Mapping[str, str]:
    """With 100,000 journeys: 60 programs, 5,000 mentors, 500 groups, and 5,000 events of `LONGEST`. Returns the ids of
    what has pages of its own, by the names of their parameters."""
    await pool.execute("alter system set synchronous_commit = off")
    await pool.execute("select pg_reload_conf()")
    await _publish(pool)
    log, now = EventLog(pool), await _now(pool)
    for number in range(_TOLD):
        await tell(log, number, story(number, None if number % 5 == 0 else 3 + number % 12))
    await _go_on(log, LONGEST, journeys // 20)
    await _mentors(pool, log, journeys // 20, now)
    await _review(pool, now)
    await _enroll(pool, journeys)
    await sequencer.drain(dsn)
    await places.catch_up(pool, Enrollment(pool))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    details = await add_details(pool, now)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    await _fill_views(pool, journeys)
    await pool.execute("vacuum analyze")
    return details


async def _now(pool: Pool) -> datetime:
    now: datetime = await pool.fetchval("select now()")
    return now


async def _publish(pool: Pool) -> None:
    for program in ("ready", *(f"p-{n}" for n in range(10)), *(f"q-{n}" for n in range(49))):
        kit = KIT if program == "ready" else Kit.model_validate(KIT.model_dump(mode="json") | {"program": program})
        await publish(pool, kit)
        await record_published(pool, kit)


async def _go_on(log: EventLog, one: JourneyId, until: int) -> None:
    """The learner asks for help until the stream has so many events."""
    number = int(one.rpartition("-")[2])
    before = story(number, None if number % 5 == 0 else 3 + number % 12)
    state, at, events = fold(before), before[-1].at, list[JourneyEvent]()
    while len(before) + len(events) < until:
        at += timedelta(hours=1)
        command = COMMANDS["ask_for_help"].model_validate({"notes": f"I am stuck with task {len(events)}"})
        events += decide(KIT, state, command, at)
    stream = journey_stream(one)
    for first in range(0, len(events), 500):
        await log.append(stream, len(before) + first, f"more-{first}", encode(events[first : first + 500], f"m{first}"))


async def _mentors(pool: Pool, log: EventLog, many: int, now: datetime) -> None:
    names = [Person(f"m-{n}", "mentor", f"Mentor {n}", attributes={"places": 15}) for n in range(many)]
    await people.upsert_many(pool, names)

    async def write(number: int) -> None:
        append_id = f"mentor-{number}"
        await log.append(
            mentor_stream(MentorId(f"m-{number}")), 0, append_id, encode(list(_ledger(number, now)), append_id)
        )

    await fan_out(write, range(many), at_once=_AT_ONCE)


def _ledger(number: int, now: datetime) -> Iterator[Event]:
    yield JoinedProgram(at=now, program=KIT.program_id)
    first = week_of(now - timedelta(weeks=number % 9))
    weeks = tuple(WeekDemand(week=week_after(first, nth), live=30, preparation=10) for nth in range(12))
    if number < _TELLING_MENTORS:
        return
    for nth in range(number % (_LEARNERS_OF_A_MENTOR + 1)):
        holder = StreamId(f"journey-ready.l-{100_000 + number * _LEARNERS_OF_A_MENTOR + nth}")
        yield PlaceReserved(
            at=now, holder=holder, as_of=4, program=KIT.program_id, places=1, demand=Demand(weeks=weeks), until=now
        )
        yield PlaceConfirmed(at=now, holder=holder, as_of=5)


async def _review(pool: Pool, now: datetime) -> None:
    program = ProgramId("ready")
    since, until = period(MONTH, "UTC")
    document = ReviewDocument(
        program=program,
        title="Ready",
        month=MONTH,
        zone="UTC",
        since=since,
        until=until,
        drafted_at=now,
        position=1,
        version="1",
        least=20,
        confidence=0.95,
        cases=Cases(),
    )
    await transact(pool, review_stream(program, MONTH), REVIEW, DraftReview(name="a", document=document), now)


async def _enroll(pool: Pool, learners: int) -> None:
    """All of them in `ready`, and some more on its waiting list."""
    enrollment, program, now = Enrollment(pool), KIT.program_id, await _now(pool)
    await enrollment.handle(program, OpenEnrollment(places=learners, by="ops:ana"), now)
    those = [LearnerId(f"l-{n}") for n in range(learners + learners // 50)]
    for first in range(0, len(those), _ENROLLED_AT_ONCE):
        some = tuple(those[first : first + _ENROLLED_AT_ONCE])
        await enrollment.handle(program, Enroll(learners=some, by="ops:ana"), now)


async def _fill_views(pool: Pool, journeys: int) -> None:
    await pool.execute(f"truncate {', '.join(sorted(tables_filled()))}")  # they hold the journeys that were told
    await filled(pool, journeys)
    await pool.execute(FILL.format(schema="view_board_1"), journeys)
    for statement in _MOVED:
        await pool.execute(statement, *([_TOLD] if "$1" in statement else []))
    await pool.execute(FILL_AWAITED.format(schema="view_board_1") + " on conflict do nothing")
    await pool.execute(FILL_FLAGS.format(schema="view_board_1") + " on conflict do nothing")
    await pool.execute(FILL_PEOPLE.replace("1 + n % 20", "1 + abs(hashint8(n)) % 20"), journeys)
    await pool.execute("update views.delivered set promised = $1, kit = $1", KIT.digest)
    for statement in _FILLS:
        told_before = "on conflict do nothing"
        await pool.execute(f"{statement} {told_before}", *([journeys] if "$1" in statement else []))


_MOVED = (
    """update views.board
          set stream = 'journey-ready.' || learner, journey = 'ready.' || learner, program = 'ready'
        where program in ('p-4', 'p-6', 'p-7', 'p-8', 'p-9') and substr(learner, 3)::integer >= $1""",
    """update views.board set mentor = 'm-3'
        where mentor in ('m-0', 'm-1', 'm-2') and (program <> 'ready' or substr(learner, 3)::integer >= $1)""",
    "update views.measured set cohort = 'ready.' || substr(journey, 9)::integer / 10 % 500 where journey like '%0'",
    "update views.board set cohort = 'ready.' || substr(cohort, 3)::integer % 500 where cohort is not null",
)
"""`$1`: from this one on, learners are on the board alone. Of the others, the streams are there."""
_FILLS = (
    """insert into views.attention
       select stream, journey, program, learner, mentor, 'case', 'case-1', 'case', 'ops', grave, stage_since,
              stage_since + interval '3 days', 'escalations.late', 'case-1', stage_since, false, null, version
         from views.board where grave > 0""",
    """insert into views.attention
       select stream, journey, program, learner, mentor, 'duty', coalesce(about, waiting_for) || waiting_for,
              waiting_for, waiting_on, 0, since, due_at, due_rule, null, null, null, null, version
         from views.board where waiting_for <> 'case'""",
    """insert into views.delivered_sessions
       select stream, n, 's1', attendance, mentor, at, 'live', interval '1 hour',
              case when n % 3 = 0 then 'in_time' when n % 7 = 0 then 'late' end
         from views.measured_sessions, lateral (select place as n) as each""",
    """insert into views.delivered_mentors
       select stream, mentor from views.measured where mentor is not null""",
    """insert into views.survey_answers
       select 'survey-ready.l-' || n, 'r-' || n, (array['useful', 'again', 'words'])[q], 'after', 'ready', '1',
              'ready.l-' || n, 'learner', 'sessions', 's1', null, 'main', null, 'm-' || n % 997, 'ready.' || n % 500,
              's-' || n % 3, (array['scale', 'yes_no', 'text'])[q], null,
              case q when 1 then 1 + abs(hashint8(n)) % 5 when 2 then abs(hashint8(n)) % 2 end, null, q = 3,
              now() - n % 300 * interval '1 day'
         from generate_series(1, $1::bigint) as n, generate_series(1, 3) as q""",
    """insert into views.survey_requests
       select 'survey-ready.l-' || n, 'r-' || n, 'after', 'ready', 'digest', '1', 'ready.l-' || n, 'learner', 'l-' || n,
              'session_held', 'sessions', 's1', null, 'main', null, 'm-' || n % 997, 'ready.' || n % 500, null, 1,
              (array['answered', 'open', 'expired'])[1 + n % 3], now() - n % 300 * interval '1 day', null,
              now() + interval '3 days', null, null
         from generate_series(1, $1::bigint) as n""",
    """insert into views.messages
       select 'message-' || n, n::text, case when n % 50 = 0 then 'ready.l-7' else 'ready.l-' || n / 2 end, 'ready', 3,
              'reminder', 'learner', 'l-' || n / 2, 'smtp',
              case when n % 400 = 1 then 'bounced' when n % 401 = 1 then 'uncertain' else 'sent' end,
              now() - n * interval '1 minute', 1, null
         from generate_series(1, 2 * $1::bigint) as n""",
    """insert into views.intake
       select 'journey-ready.l-' || n, place, 'ready', now() - n % 300 * interval '1 day',
              case when place < 3 then 'q' || place end, place < 3, case when place = n % 4 then 'abandoned' end
         from generate_series(200, $1::bigint) as n, generate_series(0, 3) as place""",
    """insert into views.upcoming
       select stream, journey, program, learner, mentor, place, now() + place * interval '1 day', 'a rule', 'a label',
              'reminds', 'the mentor'
         from views.board, generate_series(10, 12) as place where ending is null""",
    """insert into views.cohorts
       select 'cohort-ready.' || n, 'ready.' || n, 'ready', 'main', n, array['m-' || n % 997], 'Mondays, 18:00', 8, 4,
              12, 10, n % 10, 's1', now() + (n % 400 - 100) * interval '1 hour', n % 20 / 19, n % 30 > 0, null, false
         from generate_series(1, $1::bigint / 200) as n""",
    """insert into views.bookings
       select 'mentor-m-' || n % 997, 'cohort-ready.' || n, 's' || w, 'm-' || n % 997,
              now() + w * interval '1 week' + n % 100 * interval '1 hour',
              now() + w * interval '1 week' + (n % 100 + 1) * interval '1 hour', 1, true, false, now()
         from generate_series(1, $1::bigint / 200) as n, generate_series(0, 9) as w""",
    """insert into views.findings
       select 'quality-ready.l-' || n, 'f-' || n, 'thin_notes', 1, 'ready', 'ready.l-' || n, 's1', 'm-' || n % 997,
              now() - n * interval '1 hour', (array['open', 'confirmed', 'dismissed'])[1 + n % 3], null, null
         from generate_series(1, $1::bigint / 20) as n""",
    """insert into views.session_scores
       select 'journey-ready.l-' || n, 's1', 'qa:q-' || n % 9, '', 'dimension', 'd' || d, 'ready', 'ready.l-' || n,
              'm-' || n % 997, '1', 'main', 'qa', 1 + (n + d) % 5, null, now() - n % 90 * interval '1 day',
              now() - n % 90 * interval '1 day'
         from generate_series(1, $1::bigint / 4) as n, generate_series(1, 3) as d""",
    """insert into views.qa_samples
       select 'qa-ready-1', 'i-' || n, 'ready-1', 'ready', 'ready.l-' || n, 's1', 'm-' || n % 997,
              now() - interval '9 days', (array['due', 'risk', 'new', 'other'])[1 + n % 4], array['late'], false,
              'open', null, null, now(), now() + interval '9 days'
         from generate_series(1, $1::bigint / 200) as n""",
    """insert into views.proposals
       select 'proposal-' || n, n::text, 'ready', 'Ask earlier ' || n, 'ops:ana',
              (array['proposed', 'accepted', 'declined', 'kept'])[1 + n % 4], 2, 'ops:ana', now() - n * interval '1 day'
         from generate_series(1, $1::bigint / 200) as n""",
    """insert into views.rounds
       select 'round-ready-' || n, 'ready-' || n, 'ready', n, 'schedule', 'ended', false, false,
              now() - n * interval '1 day', now() - n * interval '1 day', now() - n * interval '1 day', null,
              now() - n * interval '1 day', 20, 90, 18, 2, 81.5, 18, 1, 0
         from generate_series(1, $1::bigint / 200) as n""",
    """insert into views.timeline
       select 'journey-' || journey, n, n, began_at + n * interval '1 day', 'journey.checked_in',
              'The learner checked in'
         from views.measured, generate_series(20, 22) as n""",
)
"""`$1`: how many journeys."""
