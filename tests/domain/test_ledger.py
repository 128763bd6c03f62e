"""The ledger of a mentor: never more than the limits by reservations, and in step with what has happened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import MentorId, ProgramId, StreamId
from domain.kit import Capacity, Costs
from domain.kit.words import Mode
from domain.mentor import MENTOR, MentorEvent, MentorState, decide, fold
from domain.mentor.demand import Demand, SharedDemand, WeekDemand, week_after
from domain.mentor.ledger import (
    FollowHolder,
    LedgerCommand,
    PlaceConfirmed,
    PlaceMoved,
    PlaceReleased,
    PlaceReserved,
    ReservePlace,
)
from domain.mentor.limits import Load, Room, Wanted, load_of, room_for
from domain.mentor.state import Place
from domain.profiles import Leave, MentorProfile
from domain.refusal import Rejected

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, P = MentorId("ana"), ProgramId("p")


def weeks(*minutes: int, first: str = "2026-W10") -> Demand:
    return Demand(
        weeks=tuple(WeekDemand(week=week_after(first, nth), live=one) for nth, one in enumerate(minutes) if one)
    )


def reserve(holder: str, as_of: int = 3, policy: Capacity | None = None, **more: Any) -> ReservePlace:
    values: dict[str, Any] = {"program": P, "until": AT + HOUR, "first_meeting": AT + HOUR, **more}
    return ReservePlace(mentor=ANA, holder=_stream(holder), as_of=as_of, policy=policy or Capacity(), **values)


def follow(holder: str, standing: str | None, as_of: int = 4, **more: Any) -> FollowHolder:
    values: dict[str, Any] = {"program": P, "since": AT, "until": AT + HOUR, **more}
    return FollowHolder.model_validate(
        {"mentor": ANA, "holder": _stream(holder), "as_of": as_of, "standing": standing, **values}
    )


def _stream(holder: str) -> StreamId:
    return StreamId(f"journey-p.{holder}")


def after(*commands: LedgerCommand, state: MentorState = MENTOR.initial, at: datetime = AT) -> MentorState:
    for command in commands:
        state = fold(decide(state, command, at), state)
    return state


def events(state: MentorState, command: LedgerCommand, at: datetime = AT) -> list[type[MentorEvent]]:
    return [type(one) for one in decide(state, command, at)]


def full(**more: Any) -> MentorState:
    return after(reserve("a", **more), reserve("b", **more))


TWO = Capacity(learners_per_mentor=2)
COSTS: dict[Mode, Costs] = {"hybrid": Costs()}


# Places


def test_the_learner_after_the_last_place_is_refused_and_told_when_one_is_free() -> None:
    state = full(demand=weeks(60, 60))
    with pytest.raises(
        Rejected, match="has 2 of 2 places taken in p; the next is expected to be free on 2026-03-16"
    ) as no:
        decide(state, reserve("c", policy=TWO), AT)
    assert no.value.code == "mentor_full"
    assert no.value.data == {"mentor": "ana", "places": 2, "taken": 2, "wanted": 1, "free_from": "2026-03-16"}


def test_places_count_by_program_and_those_of_the_mentor_in_all_of_them() -> None:
    state, other = full(), ProgramId("q")
    assert events(state, reserve("c", policy=TWO, program=other)) == [PlaceReserved]
    state = state.model_copy(update={"profile": MentorProfile(places=2)})
    with pytest.raises(Rejected, match="2 of 2 places taken in all programs together, by their own profile"):
        decide(state, reserve("c", policy=TWO, program=other), AT)


def test_what_is_known_beside_the_stream_counts_only_where_the_profile_is_silent() -> None:
    with pytest.raises(Rejected):
        decide(full(), reserve("c", own_places=2), AT)
    state = full().model_copy(update={"profile": MentorProfile(places=3)})
    assert events(state, reserve("c", own_places=2)) == [PlaceReserved]


def test_a_reservation_is_made_once_and_renewed_by_a_later_decision() -> None:
    state = after(reserve("a"))
    assert events(state, reserve("a")) == []
    assert events(state, reserve("a", as_of=5, policy=Capacity(learners_per_mentor=1))) == [PlaceReserved]
    assert events(after(reserve("a"), follow("a", "confirmed")), reserve("a", as_of=9)) == []


def test_somebody_can_insist_and_that_is_recorded() -> None:
    (made,) = decide(full(), reserve("c", policy=TWO, past_capacity=True, reason="her sister's mentor"), AT)
    assert isinstance(made, PlaceReserved)
    assert (made.past_capacity, made.reason) == (True, "her sister's mentor")


def test_urgent_learners_pass_the_kits_limit_where_it_says_so_and_never_the_mentors() -> None:
    policy = Capacity(learners_per_mentor=2, overflow="past_limit")
    assert events(full(), reserve("c", policy=policy, urgent=True)) == [PlaceReserved]
    with pytest.raises(Rejected):
        decide(full(), reserve("c", policy=policy), AT)
    state = full().model_copy(update={"profile": MentorProfile(places=2)})
    with pytest.raises(Rejected, match="by their own profile"):
        decide(state, reserve("c", policy=policy, urgent=True), AT)


def test_where_learners_wait_at_the_target_a_mentor_at_it_is_refused() -> None:
    policy = Capacity(learners_per_mentor=4, target_utilization=0.5, overflow="wait")
    assert events(after(reserve("a")), reserve("b", policy=policy)) == [PlaceReserved]
    with pytest.raises(Rejected, match="at the target of utilization, with 2 of 4 places") as no:
        decide(full(), reserve("c", policy=policy), AT)
    assert no.value.code == "mentor_at_target"


# Minutes


def test_the_first_week_that_would_be_too_much_is_named_and_from_when_there_is_room() -> None:
    policy = Capacity(minutes_a_week=100, costs=COSTS)
    state = after(reserve("a", demand=weeks(0, 60, 60)))
    with pytest.raises(Rejected, match="60 of 100 minutes planned in the week of 2026-03-09") as no:
        decide(state, reserve("b", policy=policy, demand=weeks(50, 50)), AT)
    assert no.value.data["week"] == "2026-W11"
    assert (no.value.data["planned"], no.value.data["wanted"], no.value.data["free_from"]) == (60, 50, "2026-W13")
    assert events(state, reserve("b", policy=policy, demand=weeks(50, 40))) == [PlaceReserved]


def test_the_limit_of_utilization_stretches_the_kits_minutes_and_not_those_of_the_mentor() -> None:
    policy = Capacity(minutes_a_week=100, limit_utilization=1.5, costs=COSTS)
    assert events(MENTOR.initial, reserve("a", policy=policy, demand=weeks(150))) == [PlaceReserved]
    state = MENTOR.initial.model_copy(update={"profile": MentorProfile(minutes_a_week=100)})
    with pytest.raises(Rejected, match="by their own profile"):
        decide(state, reserve("a", policy=policy, demand=weeks(150)), AT)


def test_a_session_of_a_group_costs_once() -> None:
    together = Demand(shared=(SharedDemand(week="2026-W10", live=90, session="p/s@2026-03-02T09:00Z"),))
    policy = Capacity(minutes_a_week=100, costs=COSTS)
    state = after(*(reserve(one, policy=policy, demand=together) for one in "abcde"))
    assert load_of(state.places).minutes_in(P, "2026-W10") == 90


def test_room_is_counted_for_learners_who_ask_for_the_same() -> None:
    policy = Capacity(learners_per_mentor=6, minutes_a_week=100, target_utilization=0.5, costs=COSTS)
    wanted = Wanted(ANA, P, 1, weeks(20))
    one_taken = load_of(after(reserve("a", demand=weeks(20))).places)
    assert room_for(wanted, one_taken, policy, MentorProfile()) == Room(4, 2)
    assert room_for(wanted, load_of(full().places), policy, MentorProfile(places=3)) == Room(1, 0)
    assert room_for(wanted._replace(demand=Demand()), load_of({}), Capacity(), MentorProfile()) == Room(6, 5)


def test_a_kit_that_does_not_say_what_sessions_cost_limits_no_minutes() -> None:
    assert events(MENTOR.initial, reserve("a", policy=Capacity(minutes_a_week=100), demand=weeks(500))) == [
        PlaceReserved
    ]


# Leave


def test_a_mentor_who_is_away_at_the_first_meeting_is_refused() -> None:
    away = Leave(starts_at=AT, ends_at=AT + 24 * HOUR)
    state = MENTOR.initial.model_copy(update={"leave": (away,)})
    with pytest.raises(Rejected, match="'ana' is on leave until 03 March 2026") as no:
        decide(state, reserve("a"), AT)
    assert (no.value.code, no.value.data["until"]) == ("mentor_on_leave", "2026-03-03T09:00:00+00:00")
    assert events(state, reserve("a", first_meeting=AT + 24 * HOUR)) == [PlaceReserved]


# Following


def test_what_was_proposed_is_confirmed_and_then_released_once() -> None:
    state = after(reserve("a"), follow("a", "held"))
    assert events(state, follow("a", "confirmed", 6)) == [PlaceConfirmed]
    state = after(follow("a", "confirmed", 6), state=state)
    assert events(state, follow("a", "confirmed", 6)) == []
    assert events(state, follow("a", None, 8, because="journey_closed")) == [PlaceReleased]
    state = after(follow("a", None, 8), state=state)
    assert state.places == {}
    assert events(state, follow("a", None, 8)) == []


def test_what_is_read_too_late_changes_nothing() -> None:
    state = after(reserve("a"), follow("a", "confirmed", 6), follow("a", None, 8))
    assert events(state, follow("a", "confirmed", 6)) == []
    assert events(after(reserve("a", as_of=9)), follow("a", None, 8)) == []


def test_a_reservation_for_which_nothing_is_recorded_is_kept_for_its_time() -> None:
    state = after(reserve("a", as_of=3))
    assert events(state, follow("a", None, 3)) == []
    (gone,) = decide(state, follow("a", None, 3), AT + HOUR)
    assert isinstance(gone, PlaceReleased)
    assert gone.reason == "nothing_recorded"
    assert events(state, follow("a", None, 4)) == [PlaceReleased]
    assert events(state, follow("a", None, 0)) == []
    assert events(state, follow("a", None, 0), AT + HOUR) == [PlaceReleased]


def test_what_began_before_the_ledger_is_entered_whatever_the_limits() -> None:
    state = full().model_copy(update={"profile": MentorProfile(places=2)})
    assert events(state, follow("c", "confirmed")) == [PlaceReserved, PlaceConfirmed]
    assert events(state, follow("c", "held")) == [PlaceReserved]


def test_a_pause_moves_the_weeks_that_are_left() -> None:
    state = after(reserve("a", demand=weeks(60, 60, 60)), follow("a", "confirmed", demand=weeks(60, 60, 60)))
    later = follow("a", "confirmed", 9, demand=weeks(0, 0, 0, 60, 60), since=AT + 7 * 24 * HOUR)
    (moved,) = decide(state, later, AT)
    assert isinstance(moved, PlaceMoved)
    assert moved.demand == weeks(60, 0, 0, 60, 60)
    assert events(fold([moved], state), later) == []


def test_whoever_joins_a_group_that_brings_its_mentor_gives_their_own_place_up() -> None:
    state = after(reserve("a"), follow("a", "confirmed"))
    (moved,) = decide(state, follow("a", "confirmed", 6, places=0), AT)
    assert isinstance(moved, PlaceMoved)
    state = fold([moved], state)
    assert load_of(state.places).places_in(P) == 0
    assert events(state, follow("a", "confirmed", 6, places=0)) == []


def test_what_takes_no_place_is_not_refused_for_want_of_one() -> None:
    assert events(full(), reserve("group", policy=Capacity(learners_per_mentor=1), places=0)) == [PlaceReserved]


# In any order

_HOLDERS = ("a", "b", "c", "d", "e")
_Step = tuple[str, str, int]
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("reserve", "held", "confirmed", "gone")), st.sampled_from(_HOLDERS), st.integers(0, 120)
    ),
    max_size=40,
)


@given(_STEPS)
def test_reservations_alone_never_take_more_than_there_is(steps: Sequence[_Step]) -> None:
    """Whatever is followed in between, as long as it had a place before."""
    state, policy, version = MENTOR.initial, Capacity(learners_per_mentor=2, minutes_a_week=200, costs=COSTS), 0
    for what, holder, minutes in steps:
        version += 1
        place = state.places.get(_stream(holder))
        command: LedgerCommand = reserve(holder, version, policy, demand=weeks(minutes, minutes))
        if what != "reserve":
            if place is None:
                continue
            standing = None if what == "gone" else what
            command = follow(holder, standing, version, demand=place.demand)
        try:
            state = after(command, state=state)
        except Rejected:
            continue
        load: Load = load_of(state.places)
        assert load.places_in(P) <= 2
        assert all(load.minutes_in(P, week) <= 200 for week in ("2026-W10", "2026-W11"))


@given(_STEPS, st.randoms(use_true_random=False))
def test_followers_in_any_order_come_to_what_is_recorded_last(steps: Sequence[_Step], random: Any) -> None:
    commands = [
        follow(holder, {"gone": None, "reserve": "held"}.get(what, what), version, demand=weeks(minutes))
        for version, (what, holder, minutes) in enumerate(steps, start=1)
    ]
    jumbled = [*commands, *commands]
    random.shuffle(jumbled)
    last_of_each = {one.holder: one for one in commands}
    found, expected = after(*jumbled, *last_of_each.values()), after(*commands)
    assert _standing(found) == _standing(expected)


def _standing(state: MentorState) -> dict[StreamId, tuple[bool, Demand]]:
    def of(place: Place) -> tuple[bool, Demand]:
        return place.confirmed, place.demand

    return {holder: of(place) for holder, place in state.places.items()}


@given(
    st.lists(st.lists(st.integers(0, 60), max_size=4), max_size=3),
    st.lists(st.integers(0, 60), max_size=4),
    st.sampled_from([None, 2]),
    st.sampled_from([None, 70, 150]),
)
def test_the_room_that_a_round_counts_on_is_what_the_ledger_gives(
    taken: list[list[int]], asked: list[int], places: int | None, minutes: int | None
) -> None:
    policy = Capacity(learners_per_mentor=5, minutes_a_week=120, costs=COSTS)
    profile = MentorProfile(places=places, minutes_a_week=minutes)
    state = MENTOR.initial.model_copy(update={"profile": profile})
    for nth, one in enumerate(taken):
        insisted = reserve(f"taken-{nth}", policy=policy, demand=weeks(*one), past_capacity=True, reason="a test")
        state = after(insisted, state=state)
    room = room_for(Wanted(ANA, P, 1, weeks(*asked)), load_of(state.places), policy, profile)
    for most, overflow in ((room.free, "past_target"), (room.free_to_target, "wait")):
        those, given, later = policy.model_copy(update={"overflow": overflow}), 0, state
        while given <= most:
            try:
                later = after(reserve(f"new-{given}", policy=those, demand=weeks(*asked)), state=later)
            except Rejected:
                break
            given += 1
        assert given == most
