"""Times that are booked with a mentor, and office hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, SessionId, StreamId
from domain.mentor import MENTOR, MentorCommand, MentorState, decide, fold
from domain.mentor.bookings import BookTime, Dated, FollowSessions, ReleaseTime
from domain.mentor.hours import Surroundings
from domain.mentor.leave import PlanLeave
from domain.mentor.office_hours import BookSeat, CancelOfficeHours, FreeSeats, OfferOfficeHours, ReleaseSeat
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, Quiet
from domain.scheduling.slots import Terms
from domain.scheduling.week import read_window

ANA, READY, KICKOFF = MentorId("ana"), ProgramId("ready"), SessionId("kickoff")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
AT_FIVE = datetime(2026, 3, 4, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS = Terms(HOUR, timedelta(hours=24), timedelta(days=21), timedelta(minutes=10), timedelta(minutes=30))
AROUND = Surroundings("Europe/Berlin", quiet=Quiet(22 * 60, 7 * 60))
LEARNER = Calendar(BERLIN, (read_window("mon-fri 16:00-21:00"),))


def after(*commands: MentorCommand, at: datetime = NOW) -> MentorState:
    state = MENTOR.initial
    for one in commands:
        state = fold(decide(state, one, at), state)
    return state


def types(state: MentorState, command: MentorCommand, at: datetime = NOW) -> list[str]:
    return [one.type for one in decide(state, command, at)]


def booking(learner: str = "l-1", starts_at: datetime = AT_FIVE, as_of: int = 5, **more: object) -> BookTime:
    holder = StreamId(f"journey-ready.{learner}")
    return BookTime(ANA, holder, KICKOFF, as_of, starts_at, TERMS, AROUND, (LEARNER,), **more)  # type: ignore[arg-type]


def following(dated: Dated | None, as_of: int = 9, **more: object) -> FollowSessions:
    sessions = {KICKOFF: dated} if dated else {}
    return FollowSessions(ANA, StreamId("journey-ready.l-1"), as_of, sessions, **more)  # type: ignore[arg-type]


AVAILABLE = UpdateProfile(
    mentor=ANA, changes=ProfileChanges(availability=(read_window("mon-fri 17:00-19:00"),), time_zone="Europe/Berlin")
)


def test_a_time_that_suits_is_booked_once() -> None:
    state = after(AVAILABLE, booking())
    assert types(state, booking()) == []
    assert state.booked["journey-ready.l-1/kickoff"].ends_at == AT_FIVE + HOUR


def test_another_time_for_the_same_session_moves_the_booking() -> None:
    state = after(AVAILABLE, booking())
    later = booking(starts_at=AT_FIVE + HOUR / 2, as_of=6)
    assert types(state, later) == ["mentor.booking_moved"]
    assert len(after(AVAILABLE, booking(), later).booked) == 1


@pytest.mark.parametrize(
    ("command", "rules", "says"),
    [
        (booking(starts_at=AT_FIVE - HOUR), ["mentor.hours"], "outside the hours of the mentor"),
        (booking(starts_at=NOW + HOUR), ["program.notice", "mentor.hours", "learner.hours"], "less than 1 day"),
        (booking(starts_at=NOW + 14 * HOUR), None, "quiet hours on the clocks of the mentor"),
        (booking(starts_at=datetime(2026, 3, 5, 16, tzinfo=UTC)), ["mentor.leave"], "the mentor is on leave"),
    ],
)
def test_what_does_not_suit_is_refused_with_the_rules(command: BookTime, rules: list[str] | None, says: str) -> None:
    day = datetime(2026, 3, 5, tzinfo=UTC)
    state = after(AVAILABLE, PlanLeave(mentor=ANA, starts_at=day, ends_at=day + 24 * HOUR))
    with pytest.raises(Rejected, match=says) as refused:
        decide(state, command, NOW)
    assert refused.value.code == "time_unsuitable"
    assert rules is None or refused.value.data["rules"] == rules


def test_a_time_that_is_taken_is_refused_as_such_with_the_buffer() -> None:
    state = after(AVAILABLE, booking())
    for start in (AT_FIVE, AT_FIVE + HOUR, AT_FIVE + HOUR / 2):
        with pytest.raises(Rejected, match="within 10 minutes") as refused:
            decide(state, booking("l-2", start), NOW)
        assert refused.value.code == "time_taken"


def test_a_mentor_who_has_said_nothing_about_hours_can_be_booked_outside_quiet_hours() -> None:
    assert types(MentorState(), booking()) == ["mentor.time_booked"]


def test_what_the_journey_records_is_followed() -> None:
    state = after(AVAILABLE, booking(as_of=5))
    same, other = Dated(AT_FIVE, AT_FIVE + HOUR, 6, chosen=True), Dated(NOW + HOUR, NOW + 2 * HOUR, 7, chosen=True)
    assert types(state, following(same)) == []
    assert types(state, following(other)) == ["mentor.booking_moved"]
    assert types(state, following(Dated(AT_FIVE, AT_FIVE + HOUR, 7, chosen=False))) == ["mentor.booking_released"]
    assert types(state, following(None)) == ["mentor.booking_released"]
    assert types(MentorState(), following(other)) == ["mentor.time_booked"]
    assert types(MentorState(), following(Dated(AT_FIVE, AT_FIVE + HOUR, 7, chosen=False))) == []
    moved = after(AVAILABLE, booking(as_of=5), following(other))
    assert types(moved, following(other)) == []


def test_a_booking_that_the_journey_has_not_recorded_yet_is_left_alone() -> None:
    state = after(AVAILABLE, booking(as_of=8))
    planned = Dated(NOW + HOUR, NOW + 2 * HOUR, 3, chosen=False)
    assert types(state, following(planned, as_of=8)) == []
    assert types(state, following(None, as_of=7)) == []  # what was read is older than the booking


def test_a_released_time_is_free_for_others() -> None:
    release = ReleaseTime(ANA, StreamId("journey-ready.l-1"), KICKOFF)
    state = after(AVAILABLE, booking(), release)
    assert types(state, release) == []
    assert types(state, booking("l-2")) == ["mentor.time_booked"]


OFFER = OfferOfficeHours(ANA, READY, (AT_FIVE, AT_FIVE + timedelta(weeks=1)), 2, TERMS, AROUND, "Bring a question")


def seat(learner: str, office_hours: str = "20260304T1600Z", program: ProgramId = READY) -> BookSeat:
    journey = JourneyId(f"ready.{learner}")
    return BookSeat(mentor=ANA, office_hours=office_hours, program=program, journey=journey, learner=LearnerId(learner))


def test_office_hours_have_seats_and_never_more_learners() -> None:
    state = after(AVAILABLE, OFFER, seat("l-1"), seat("l-2"))
    assert state.office_hours["20260304T1600Z"].left == 0
    assert types(state, seat("l-1")) == []
    with pytest.raises(Rejected, match="all 2 seats are booked") as refused:
        decide(state, seat("l-3"), NOW)
    assert (refused.value.code, refused.value.data) == ("no_seat_left", {"seats": 2})
    free = ReleaseSeat(mentor=ANA, office_hours="20260304T1600Z", journey=JourneyId("ready.l-1"))
    later = after(AVAILABLE, OFFER, seat("l-1"), seat("l-2"), free)
    assert types(later, free) == []
    assert types(later, seat("l-3")) == ["mentor.seat_booked"]


def test_office_hours_take_the_time_of_the_mentor() -> None:
    state = after(AVAILABLE, OFFER)
    assert types(state, OFFER) == []
    with pytest.raises(Rejected) as refused:
        decide(state, booking(), NOW)
    assert refused.value.code == "time_taken"
    with pytest.raises(Rejected, match="cannot be at 04 March 2026 16:00 UTC: the mentor has another meeting") as again:
        decide(after(AVAILABLE, booking()), OFFER, NOW)
    assert again.value.code == "office_hours_unsuitable"


def test_office_hours_may_lie_outside_the_hours_of_the_mentor_where_that_is_asked_for() -> None:
    sunday = datetime(2026, 3, 8, 10, tzinfo=UTC)
    wanted = OfferOfficeHours(ANA, READY, (sunday,), 2, TERMS, AROUND)
    state = after(AVAILABLE)
    with pytest.raises(Rejected, match="outside the hours"):
        decide(state, wanted, NOW)
    anyway = OfferOfficeHours(ANA, READY, (sunday,), 2, TERMS, AROUND, any_hours=True)
    assert types(state, anyway) == ["mentor.office_hours_offered"]
    with pytest.raises(Rejected, match="begins in less than"):
        decide(state, anyway, sunday)


def test_seats_are_for_learners_of_the_program_until_they_begin_and_until_they_are_canceled() -> None:
    state = after(AVAILABLE, OFFER)
    with pytest.raises(Rejected) as other:
        decide(state, seat("l-1", program=ProgramId("other")), NOW)
    assert other.value.code == "office_hours_of_another_program"
    with pytest.raises(Rejected) as late:
        decide(state, seat("l-1"), AT_FIVE)
    assert late.value.code == "office_hours_begun"
    canceled = after(AVAILABLE, OFFER, seat("l-1"), CancelOfficeHours(mentor=ANA, office_hours="20260304T1600Z"))
    with pytest.raises(Rejected, match="there are: 20260311T1600Z") as gone:
        decide(canceled, seat("l-1"), NOW)
    assert gone.value.code == "no_such_office_hours"
    assert types(canceled, OFFER) == ["mentor.office_hours_offered"]


def test_the_seats_of_a_journey_that_has_ended_are_free() -> None:
    free = FreeSeats(ANA, JourneyId("ready.l-1"))
    state = after(AVAILABLE, OFFER, seat("l-1"), seat("l-1", "20260311T1600Z"), seat("l-2"))
    assert types(state, free) == ["mentor.seat_released"] * 2
    assert types(state, free, AT_FIVE) == ["mentor.seat_released"]  # one has begun
    assert types(after(AVAILABLE, OFFER), free) == []


def test_what_is_over_is_forgotten() -> None:
    state = after(
        AVAILABLE, booking(), OfferOfficeHours(ANA, READY, (AT_FIVE + 3 * HOUR,), 2, TERMS, AROUND, any_hours=True)
    )
    later = AT_FIVE + timedelta(days=6)
    state = fold(decide(state, booking("l-2", AT_FIVE + timedelta(days=8)), later), state)
    offer = OfferOfficeHours(ANA, READY, (AT_FIVE + timedelta(days=9),), 2, TERMS, AROUND)
    state = fold(decide(state, offer, later), state)
    assert list(state.booked) == ["journey-ready.l-2/kickoff"]
    assert list(state.office_hours) == ["20260313T1600Z"]


_HOURS = st.integers(-4, 20).map(lambda nth: AT_FIVE + timedelta(minutes=15 * nth))
_STEPS = st.one_of(
    st.builds(lambda learner, at: booking(f"l-{learner}", at, as_of=5), st.integers(1, 6), _HOURS),
    st.builds(lambda at: OfferOfficeHours(ANA, READY, (at,), 2, TERMS, AROUND), _HOURS),
    st.builds(lambda learner: ReleaseTime(ANA, StreamId(f"journey-ready.l-{learner}"), KICKOFF), st.integers(1, 6)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_STEPS, max_size=30))
def test_nothing_that_is_booked_is_ever_nearer_than_the_buffer(steps: list[MentorCommand]) -> None:
    state = MENTOR.initial
    for step in steps:
        try:
            state = fold(decide(state, step, NOW), state)
        except Rejected as refused:
            assert refused.code in ("time_taken", "time_unsuitable", "office_hours_unsuitable")
        taken = sorted(
            [(one.starts_at, one.ends_at) for one in state.booked.values()]
            + [(one.starts_at, one.ends_at) for one in state.office_hours.values()]
        )
        assert all(end + TERMS.buffer <= start for (_, end), (start, _) in pairwise(taken))
