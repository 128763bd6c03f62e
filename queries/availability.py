"""Who meets in a session, and when each of them can: what offers and bookings are decided on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.ids import JourneyId, MentorId, SessionId, StreamId, journey_stream
from domain.journey.dating import Dating, dates
from domain.journey.duty import chosen_pathway
from domain.journey.refusing import Code, in_words, require_session, require_stage
from domain.journey.state import SessionStanding
from domain.kit import Kit, Pathway
from domain.kit.meeting import LONGEST_HORIZON
from domain.matching.learner import learner_profile
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.bookings import key_of
from domain.mentor.hours import Surroundings, calendar_of, zone
from domain.profiles import LearnerProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, Quiet
from domain.scheduling.intervals import Interval
from domain.scheduling.slots import Terms
from kits.public_holidays import free_days
from projections.board_filter import Filter
from projections.views import board, bookings
from queries.journey_record import JourneyRecord, read_record
from store import people
from store.database import Pool
from store.people import Person
from store.transact import Snapshot, read

NO_PLAN = timedelta(hours=1)
"""The length of a session that the kit no longer has."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session of a journey that is to be held, and those who meet."""

    journey: JourneyId
    record: JourneyRecord
    session: SessionStanding
    title: str
    mentor: MentorId
    known: Snapshot[MentorState]
    """The mentor's stream as it was read."""
    around: Surroundings
    learner: Calendar
    """Without hours where they have said nothing about them."""
    people: Mapping[str, Person]
    terms: Terms

    @property
    def holder(self) -> StreamId:
        return journey_stream(self.journey)

    @property
    def version(self) -> int:
        return self.record.recorded[-1].version

    @property
    def mentors_calendar(self) -> Calendar:
        """Without what is booked for this session."""
        return calendar_of(self.known.state, self.around, key_of(self.holder, self.session.session))

    @property
    def mentors_zone_is_known(self) -> bool:
        return bool(self.known.state.profile.time_zone) or self._has_zone(self.mentor)

    @property
    def learners_zone_is_known(self) -> bool:
        return bool(profile_of(self.record, self.people.get(self.record.state.learner)).time_zone)

    def _has_zone(self, person: str) -> bool:
        return person in self.people and bool(self.people[person].time_zone)

    def name_of(self, person: str) -> str:
        return self.people[person].name if person in self.people else person


async def appointment(pool: Pool, journey: JourneyId, session: SessionId) -> Appointment:
    """Raises NoSuchJourney; Rejected where the session is not to be held, or there is nobody to meet."""
    record = await read_record(pool, journey)
    standing = _to_be_held(record, session)
    mentor = record.state.mentor
    if mentor is None:
        raise Rejected(Code.NO_MENTOR, "the learner has no mentor at present; match one first")
    pathway = chosen_pathway(record.kit, record.state)
    known = await people.by_ids(pool, [mentor, record.state.learner])
    booked = await _booked(pool, record, journey, session)
    return Appointment(
        journey=journey,
        record=record,
        session=standing,
        title=pathway.title_of_session(session),
        mentor=mentor,
        known=await read(pool, mentor_stream(mentor), MENTOR),
        around=surroundings(record.kit, known.get(mentor), record.as_of),
        learner=learners_calendar(record, known.get(record.state.learner), booked),
        people=known,
        terms=terms_of(record.kit, length_of(pathway, session), record.state.ends_at),
    )


def _to_be_held(record: JourneyRecord, session: SessionId) -> SessionStanding:
    state = record.state
    if state.pause:
        raise Rejected(Code.PAUSED, "the journey is paused, and its sessions move when it resumes; resume it first")
    require_stage(state, "sessions")
    standing = require_session(state, session)
    if state.cohort and session in state.cohort.times:
        says = f"session {session!r} is the group's, and moves for all its members; use `trellis cohort move`"
        raise Rejected(Code.SESSION_OF_COHORT, says, {"cohort": state.cohort.cohort})
    if standing.attendance:
        says = f"session {session!r} has already been recorded as {in_words(standing.attendance)}"
        raise Rejected(Code.SESSION_OVER, says)
    return standing


async def _booked(pool: Pool, record: JourneyRecord, journey: JourneyId, session: SessionId) -> list[Interval]:
    """Other meetings of the learner for which somebody chose the time: of this journey and its group, as it says; of
    others and office hours, as the views have them."""
    state, dating = record.state, dating_of(record)
    of_group = state.cohort.times if state.cohort else {}
    pathway = chosen_pathway(record.kit, state)
    found = [
        Interval(one.starts_at, one.starts_at + length_of(pathway, one.session))
        for one in state.sessions
        if not one.attendance and one.session != session and (dating[one.session].chosen or one.session in of_group)
    ]
    others = await board.page(pool, Filter(learner=record.state.learner, open=True), "journey", limit=50)
    holders = [journey_stream(one.journey) for one in others.rows if one.journey != journey]
    found += [Interval(one.starts_at, one.ends_at) for one in await bookings.of_holders(pool, holders)]
    seats = await bookings.office_hours_of_journeys(pool, [one.journey for one in others.rows])
    return sorted(found + [Interval(one.starts_at, one.ends_at) for one in seats])


def dating_of(record: JourneyRecord) -> Mapping[SessionId, Dating]:
    versions = [one.version for one in record.recorded]
    return dates(zip(versions, record.events, strict=True))


def length_of(pathway: Pathway | None, session: SessionId) -> timedelta:
    return next((one.length for one in pathway.sessions if one.id == session), NO_PLAN) if pathway else NO_PLAN


def terms_of(kit: Kit, length: timedelta, ends_by: datetime | None = None) -> Terms:
    meeting = kit.meeting
    horizon = min(meeting.horizon, LONGEST_HORIZON)
    return Terms(length, meeting.notice, horizon, meeting.buffer, meeting.step, ends_by)


def surroundings(kit: Kit, mentor: Person | None, at: datetime) -> Surroundings:
    return Surroundings(str(people.zone_of(mentor)), _holidays(kit, at), quiet_of(kit, mentor))


def learners_calendar(record: JourneyRecord, learner: Person | None, booked: Sequence[Interval] = ()) -> Calendar:
    profile, kit = profile_of(record, learner), record.kit
    return Calendar(
        zone=zone(profile.time_zone),
        week=profile.availability,
        holidays=_holidays(kit, record.as_of),
        quiet=quiet_of(kit, learner),
        booked=booked,
    )


_HOLIDAYS_AHEAD = timedelta(days=400)


def _holidays(kit: Kit, at: datetime) -> frozenset[date]:
    return free_days(kit.meeting.holidays, (at - timedelta(days=2)).date(), (at + _HOLIDAYS_AHEAD).date())


def profile_of(record: JourneyRecord, learner: Person | None) -> LearnerProfile:
    return learner_profile(record.kit, record.state.answers or {}, learner.time_zone if learner else None)


def quiet_of(kit: Kit, person: Person | None) -> Quiet | None:
    quiet = people.quiet_hours(kit.quiet_hours, person)
    return Quiet.between(quiet.after, quiet.until) if quiet else None
