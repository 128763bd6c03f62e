"""A mentor's profile, checks, leave and programs: what each command brings about, and what the events make of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import LearnerId, MentorId, ProgramId
from domain.mentor import MENTOR, TOGETHER, MentorCommand, MentorState, decide, fold
from domain.mentor.belonging import JoinedProgram, JoinProgram, LeaveProgram
from domain.mentor.checks import (
    CHECKS_AT_MOST,
    CheckRecorded,
    CheckWithdrawn,
    OnboardingRecorded,
    RecordCheck,
    RecordOnboarding,
    WithdrawCheck,
)
from domain.mentor.leave import LEAVE_AT_MOST, CancelLeave, LeavePlanned, PlanLeave
from domain.mentor.profile import ProfileChanged, ProfileChanges, UpdateProfile, completed
from domain.mentor.state import INITIAL
from domain.profiles import Check, Leave, MentorProfile
from domain.refusal import Rejected
from store.codec import Codec, encode
from store.event_log import RecordedEvent

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = MentorId("ana")
READY, OTHER = ProgramId("ready"), ProgramId("other")


def update(**changes: Any) -> UpdateProfile:
    return UpdateProfile(mentor=ANA, changes=ProfileChanges.model_validate(changes))


def after(*commands: MentorCommand, state: MentorState = INITIAL) -> MentorState:
    for command in commands:
        state = fold(decide(state, command, AT), state)
    return state


def test_a_change_holds_only_what_has_changed() -> None:
    first = after(update(places=4, pace=["fast"], availability="mon 18:00-20:00"))
    (event,) = decide(first, update(places=4, pace=["slow"], availability=["mon 18:00-20:00"], supports_from=3), AT)
    assert isinstance(event, ProfileChanged)
    assert event.model_dump(mode="json", exclude={"at"}) == {"changes": {"pace": ["slow"], "supports_from": 3}}
    changed = fold([event], first).profile
    assert (changed.places, changed.pace, changed.supports_from) == (4, ("slow",), 3)


def test_a_field_can_be_emptied_and_that_is_stored() -> None:
    state = after(update(places=4, pace=["fast"]))
    events = decide(state, update(places=None, pace=[]), AT)
    assert events[0].model_dump(mode="json", exclude={"at"}) == {"changes": {"places": None, "pace": []}}
    stored = _read_back(events)
    assert fold(stored, state).profile == MentorProfile()


def _read_back(events: Sequence[Any]) -> list[Any]:
    new = encode(events, "a")
    recorded = [
        RecordedEvent("mentor-ana", nth, None, one.event_id, one.type, 1, str(one.data), "{}", one.occurred_at, AT)  # type: ignore[arg-type]
        for nth, one in enumerate(new, 1)
    ]
    return Codec(MENTOR.events).decode_known(recorded)


def test_a_learner_is_not_both_wished_for_and_excluded() -> None:
    state = after(update(wishes=["l-1", "l-2"]))
    with pytest.raises(Rejected, match=r"l-2 cannot be both") as refused:
        decide(state, update(never=["l-2"]), AT)
    assert (refused.value.code, refused.value.data) == ("wishes_conflict", {"learners": ["l-2"]})
    assert after(update(never=["l-2"], wishes=["l-1"]), state=state).profile.never == ("l-2",)


def test_a_change_fits_into_an_event() -> None:
    with pytest.raises(Rejected, match="100,000 are the most"):
        decide(MentorState(), update(skills=[f"{nth}".rjust(200, "x") for nth in range(600)]), AT)


def test_what_was_known_before_there_were_profiles_fills_the_gaps() -> None:
    before = {"mentor_type": "coach", "capacity": 6, "other": [1]}
    assert completed(MentorProfile(), before, "Europe/Berlin") == MentorProfile(
        mentor_type="coach", places=6, time_zone="Europe/Berlin"
    )
    own = MentorProfile(places=2, time_zone="Asia/Tokyo")
    assert completed(own, before, "Europe/Berlin") == own.model_copy(update={"mentor_type": "coach"})
    assert completed(own, {"mentor_type": 7, "capacity": "many"}, None) is own


def test_a_check_is_recorded_renewed_and_withdrawn() -> None:
    check = RecordCheck(mentor=ANA, check="background", valid_until=date(2027, 5, 1))
    state = after(check)
    assert state.profile.checks == (Check(check="background", valid_until=date(2027, 5, 1)),)
    assert decide(state, check, AT) == []
    renewed = check.model_copy(update={"valid_until": date(2028, 5, 1)})
    assert decide(state, renewed, AT) == [CheckRecorded(at=AT, check="background", valid_until=date(2028, 5, 1))]
    assert after(renewed, state=state).profile.checks == (Check(check="background", valid_until=date(2028, 5, 1)),)
    withdraw = WithdrawCheck(mentor=ANA, check="background")
    assert decide(state, withdraw, AT) == [CheckWithdrawn(at=AT, check="background")]
    assert after(withdraw, state=state).profile.checks == ()
    with pytest.raises(Rejected, match="no check 'safeguarding' is recorded; there are: background"):
        decide(state, WithdrawCheck(mentor=ANA, check="safeguarding"), AT)


def test_checks_have_an_end() -> None:
    state = after(*(RecordCheck(mentor=ANA, check=f"c-{nth}") for nth in range(CHECKS_AT_MOST)))
    with pytest.raises(Rejected, match="withdraw one first"):
        decide(state, RecordCheck(mentor=ANA, check="more"), AT)
    assert decide(state, RecordCheck(mentor=ANA, check="c-1", valid_until=date(2027, 1, 1)), AT)


def test_onboarding_is_recorded_and_taken_back() -> None:
    done = RecordOnboarding(mentor=ANA, on=date(2026, 2, 1))
    state = after(done)
    assert state.profile.onboarded_on == date(2026, 2, 1)
    assert decide(state, done, AT) == []
    assert decide(state, RecordOnboarding(mentor=ANA, on=None), AT) == [OnboardingRecorded(at=AT, on=None)]


def test_a_mentor_of_whom_nobody_has_said_so_belongs_to_any_program() -> None:
    nobody_said = MentorState()
    assert nobody_said.belongs_to(READY)
    with pytest.raises(Rejected, match="join them to one first"):
        decide(nobody_said, LeaveProgram(mentor=ANA, program=READY), AT)
    state = after(JoinProgram(mentor=ANA, program=READY))
    assert (state.belongs_to(READY), state.belongs_to(OTHER)) == (True, False)
    assert decide(state, JoinProgram(mentor=ANA, program=READY), AT) == []
    assert decide(state, LeaveProgram(mentor=ANA, program=OTHER), AT) == []
    left = after(LeaveProgram(mentor=ANA, program=READY), state=state)
    assert left.programs == frozenset()
    assert not left.belongs_to(READY)


def test_several_commands_are_decided_one_on_the_other() -> None:
    commands = (JoinProgram(mentor=ANA, program=READY), update(places=3), update(places=3), update(places=4))
    events = TOGETHER.decide(MentorState(), commands, AT)
    assert [one.type for one in events] == [JoinedProgram.type, ProfileChanged.type, ProfileChanged.type]
    assert TOGETHER.fold(events, MentorState()).profile.places == 4
    assert TOGETHER.decide(TOGETHER.fold(events, MentorState()), commands[3:], AT) == []


@pytest.mark.parametrize(
    "fields", [{"places": -1}, {"supports_from": 11}, {"availability": "mon 20:00-18:00"}, {"wishes": ["Max Stone"]}]
)
def test_what_is_no_profile_is_no_command(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        update(**fields)


def leave(start: int, end: int, kind: type[PlanLeave | CancelLeave] = PlanLeave) -> PlanLeave | CancelLeave:
    return kind(mentor=ANA, starts_at=AT + start * HOUR, ends_at=AT + end * HOUR)


def hours(state: MentorState) -> set[int]:
    """The hours from AT on in which the mentor is on leave."""
    return {nth for nth in range(60) if any(one.starts_at <= AT + nth * HOUR < one.ends_at for one in state.leave)}


TIMES = st.tuples(st.integers(0, 50), st.integers(1, 9), st.sampled_from([PlanLeave, CancelLeave]))


@given(st.lists(TIMES, max_size=25))
def test_leave_is_the_hours_that_were_planned_and_not_canceled(times: list[tuple[int, int, type[PlanLeave]]]) -> None:
    state, expected = MentorState(), set[int]()
    for start, length, kind in times:
        span = set(range(start, start + length))
        command = leave(start, start + length, kind)
        wanted = expected | span if kind is PlanLeave else expected - span
        events = decide(state, command, AT)
        assert bool(events) == (wanted != expected)
        state, expected = fold(events, state), wanted
        assert hours(state) == expected
        assert decide(state, command, AT) == []
        assert all(one.ends_at < other.starts_at for one, other in zip(state.leave, state.leave[1:], strict=False))


def test_leave_that_is_over_is_not_planned_and_is_left_out_later() -> None:
    with pytest.raises(Rejected, match="it ended at 2026-03-02 08:00 UTC"):
        decide(MentorState(), leave(-3, -1), AT)
    state = fold([LeavePlanned(at=AT - 9 * HOUR, leave=Leave(starts_at=AT - 3 * HOUR, ends_at=AT - HOUR))])
    assert after(leave(1, 2), state=state).leave == (Leave(starts_at=AT + HOUR, ends_at=AT + 2 * HOUR),)


def test_leave_has_an_end() -> None:
    state = after(*(leave(2 * nth, 2 * nth + 1) for nth in range(LEAVE_AT_MOST)))
    with pytest.raises(Rejected, match="cancel one, or give one long one"):
        decide(state, leave(5_000, 5_001), AT)
    assert decide(state, leave(1, 2), AT), "it joins two"
    with pytest.raises(ValidationError, match="ends before it begins"):
        leave(2, 2)


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "places": st.none() | st.integers(0, 9),
        "pace": st.lists(st.sampled_from(["fast", "slow"]), max_size=2),
        "availability": st.sampled_from([[], ["mon 18:00-20:00"], ["mon-fri 07:00-08:00", "sun 10:00-12:00"]]),
        "wishes": st.lists(st.sampled_from(["l-1", "l-2"]), max_size=2, unique=True),
        "time_zone": st.none() | st.just("Europe/Berlin"),
    },
)


@given(st.lists(FIELDS, max_size=8))
def test_the_stream_gives_the_profile_that_was_set(changes: list[dict[str, Any]]) -> None:
    state, wanted, events = MentorState(), dict[str, Any](), list[Any]()
    for change in changes:
        new = decide(state, update(**change), AT)
        state, wanted = fold(new, state), wanted | change
        events += new
        assert decide(state, update(**change), AT) == []
    assert state.profile == MentorProfile.model_validate(wanted)
    if events:
        assert fold(_read_back(events)) == state
    assert LearnerId("l-1") not in state.profile.never
