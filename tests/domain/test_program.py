"""What a program does when it is asked: enrollment, places, and the waiting list."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import (
    JourneyId,
    KitDigest,
    LearnerId,
    ProgramId,
    entry_of,
    journey_id,
    problem_with_journey_id,
)
from domain.limits import MAX_APPEND_BYTES, MAX_EVENT_BYTES
from domain.program import (
    LEARNERS_A_STEP,
    CloseEnrollment,
    Command,
    Enroll,
    EnrollmentClosed,
    EnrollmentOpened,
    FollowJourneys,
    JourneysEnded,
    JourneysReopened,
    JourneyStep,
    KitPublished,
    LearnerRemoved,
    LearnersEnrolled,
    LearnersJoined,
    LearnersWaitlisted,
    OpenEnrollment,
    ProgramEvent,
    ProgramState,
    PublishKit,
    Remove,
    Start,
    decide,
    fold,
)
from domain.refusal import Rejected

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROGRAM = ProgramId("p")
A, B, C, D = (LearnerId(name) for name in "abcd")
PUBLISHED = KitPublished(at=AT, kit=KitDigest("k"), version="1")


def after(*events: ProgramEvent) -> ProgramState:
    return fold([PUBLISHED, *events])


def opened(places: int | None) -> EnrollmentOpened:
    return EnrollmentOpened(at=AT, places=places)


def enrolled(*learners: LearnerId) -> LearnersEnrolled:
    return LearnersEnrolled(at=AT, learners=learners)


def waitlisted(*learners: LearnerId) -> LearnersWaitlisted:
    return LearnersWaitlisted(at=AT, learners=learners)


def test_enrollment_opens_only_with_a_kit() -> None:
    with pytest.raises(Rejected, match="publish one first"):
        decide(ProgramState(), OpenEnrollment(), AT)
    assert decide(after(), OpenEnrollment(places=3), AT) == [opened(3)]
    assert decide(after(opened(3)), OpenEnrollment(places=3), AT) == []


def test_a_kit_is_published_once() -> None:
    publish = PublishKit(kit=KitDigest("k"), version="1")
    assert decide(ProgramState(), publish, AT) == [PUBLISHED]
    assert decide(after(), publish, AT) == []


def test_who_comes_too_late_waits_in_the_order_they_came() -> None:
    assert decide(after(opened(2)), Enroll(learners=(A, B, C, D)), AT) == [enrolled(A, B), waitlisted(C, D)]


def test_who_comes_after_those_who_wait_does_not_overtake_them() -> None:
    waiting = after(opened(1), enrolled(A), waitlisted(B), opened(1))
    assert decide(waiting, Enroll(learners=(C,)), AT) == [waitlisted(C)]


def test_without_a_limit_everybody_is_taken_in_once() -> None:
    state = after(opened(None))
    events = decide(state, Enroll(learners=(A, A, B)), AT)
    assert events == [enrolled(A, B)]
    assert decide(fold(events, state), Enroll(learners=(B, A)), AT) == []


def test_a_closed_program_takes_nobody_in() -> None:
    with pytest.raises(Rejected, match="open it first"):
        decide(after(), Enroll(learners=(A,)), AT)
    assert decide(after(opened(2)), CloseEnrollment(reason="full"), AT) == [EnrollmentClosed(at=AT, reason="full")]


def test_a_place_that_becomes_free_goes_to_who_waits_the_longest() -> None:
    full = after(opened(1), enrolled(A), waitlisted(B, C))
    assert decide(full, Remove(learner=A), AT) == [LearnerRemoved(at=AT, learner=A), enrolled(B)]
    assert decide(full, Remove(learner=B), AT) == [LearnerRemoved(at=AT, learner=B)]
    assert decide(full, Remove(learner=D), AT) == []


def test_more_places_go_to_those_who_wait() -> None:
    full = after(opened(1), enrolled(A), waitlisted(B, C))
    assert decide(full, OpenEnrollment(places=2), AT) == [opened(2), enrolled(B)]
    assert decide(full, OpenEnrollment(places=None), AT) == [opened(None), enrolled(B, C)]


def journey(learner: LearnerId, entry: int = 1) -> JourneyId:
    return journey_id(PROGRAM, learner, entry)


def began(learner: LearnerId, entry: int = 1) -> JourneyStep:
    return JourneyStep(learner, journey(learner, entry), "began")


def ended(learner: LearnerId, entry: int = 1) -> JourneyStep:
    return JourneyStep(learner, journey(learner, entry), "ended")


def follow(*steps: JourneyStep) -> FollowJourneys:
    return FollowJourneys(PROGRAM, steps)


def test_a_journey_that_ends_gives_its_place_to_who_waits_the_longest() -> None:
    full = after(opened(1), enrolled(A), waitlisted(B, C))
    told = decide(full, follow(ended(A)), AT)
    assert told == [JourneysEnded(at=AT, learners=(A,)), enrolled(B)]
    assert decide(fold(told, full), follow(ended(A)), AT) == [], "followed before"
    closed = after(opened(1), enrolled(A), waitlisted(B), EnrollmentClosed(at=AT))
    assert decide(closed, follow(ended(A)), AT) == [JourneysEnded(at=AT, learners=(A,))]


def test_a_journey_that_was_begun_elsewhere_takes_a_place_also_beyond_the_limit() -> None:
    full = after(opened(1), enrolled(A), waitlisted(B, C))
    told = decide(full, follow(began(A), began(C), began(D)), AT)
    assert told == [LearnersJoined(at=AT, learners=(C, D))]
    state = fold(told, full)
    assert (set(state.enrolled), list(state.waiting), state.room) == ({A, C, D}, [B], 0)
    assert decide(state, follow(ended(C), ended(D)), AT) == [JourneysEnded(at=AT, learners=(C, D))], "A has the one"


def test_what_was_removed_is_not_taken_for_new_when_its_beginning_is_told_late() -> None:
    state = after(opened(1), enrolled(A), LearnerRemoved(at=AT, learner=A))
    assert decide(state, follow(began(A)), AT) == []
    assert decide(state, follow(ended(A)), AT) == [JourneysEnded(at=AT, learners=(A,))], "or A would come in unnoticed"


def test_journeys_under_ids_of_their_own_take_no_place() -> None:
    other = JourneyStep(A, JourneyId("something-else"), "began")
    assert decide(after(opened(1)), follow(other, other._replace(what="ended")), AT) == []


def test_who_has_ended_comes_in_again_by_a_word_and_with_another_journey() -> None:
    state = after(opened(2), enrolled(A), JourneysEnded(at=AT, learners=(A,)))
    assert state.journey_of(PROGRAM, A) == "p.a"
    for enroll in (Enroll(learners=(A,)), Start(learners=(A,))):
        assert decide(state, enroll, AT) == []
    for again in (Enroll(learners=(A,), again=True), Start(learners=(A,), again=True)):
        told = decide(state, again, AT)
        assert told == [enrolled(A)]
        state_again = fold(told, state)
        assert (str(state_again.journey_of(PROGRAM, A)), set(state_again.enrolled)) == ("p.a~2", {A})
        assert decide(state_again, again, AT) == [], "it runs already"
        assert decide(state_again, follow(ended(A)), AT) == [], "of the first journey, told late"
        assert decide(state_again, follow(began(A, 2), ended(A, 2)), AT) == [JourneysEnded(at=AT, learners=(A,))]


def test_a_journey_that_is_reopened_has_its_place_back() -> None:
    state = after(opened(1), enrolled(A), JourneysEnded(at=AT, learners=(A,)), enrolled(B))
    reopened = JourneyStep(A, journey(A), "reopened")
    told = decide(state, follow(reopened), AT)
    assert told == [JourneysReopened(at=AT, learners=(A,))]
    over = fold(told, state)
    assert (set(over.enrolled), over.room, over.entries[A], decide(over, follow(reopened), AT)) == ({A, B}, 0, 1, [])
    together = decide(after(opened(1), enrolled(A)), follow(ended(A), reopened, ended(A)), AT)
    assert [type(one) for one in together] == [JourneysEnded, JourneysReopened, JourneysEnded]


def test_who_was_removed_goes_on_with_the_same_journey() -> None:
    state = after(opened(1), enrolled(A), LearnerRemoved(at=AT, learner=A))
    told = decide(state, Enroll(learners=(A,)), AT)
    assert fold(told, state).journey_of(PROGRAM, A) == "p.a"


def test_a_start_obeys_the_places_or_goes_past_them_by_a_word() -> None:
    assert decide(after(), Start(learners=(A, B)), AT) == [enrolled(A, B)], "enrollment was never opened"
    full = after(opened(2), enrolled(A))
    assert decide(full, Start(learners=(A, B)), AT) == [enrolled(B)]
    with pytest.raises(Rejected, match=r"1 of 2 places left, and 2 learners to start; .* --past-places") as refused:
        decide(full, Start(learners=(B, C)), AT)
    assert (refused.value.code, refused.value.data) == ("too_few_places", {"places": 2, "left": 1, "wanted": 2})
    assert decide(full, Start(learners=(B, C), past_places=True), AT) == [enrolled(B, C)]
    with pytest.raises(Rejected, match=r"enrollment is closed; open it with .* or start with --past-places"):
        decide(after(opened(2), EnrollmentClosed(at=AT)), Start(learners=(B,)), AT)


def test_thousands_at_once_are_events_that_the_log_takes() -> None:
    many = tuple(LearnerId(f"{nth:0120}") for nth in range(LEARNERS_A_STEP))
    crowd = decide(after(opened(20_000)), Enroll(learners=many), AT)
    assert {type(one) for one in crowd} == {LearnersEnrolled, LearnersWaitlisted}
    state = fold(crowd, after(opened(20_000)))
    assert (len(state.enrolled), state.waiting) == (20_000, many[20_000:])
    moved_up = decide(state, OpenEnrollment(), AT)
    left = decide(state, follow(*map(ended, many[:20_000])), AT)
    for events in (crowd, moved_up, left):
        sizes = [len(one.model_dump_json()) for one in events]
        assert max(sizes) < MAX_EVENT_BYTES / 2
        assert sum(sizes) < MAX_APPEND_BYTES * 0.9


@pytest.mark.parametrize(
    ("journey", "entry"),
    [("p.a", 1), ("p.a~2", 2), ("p.a~12", 12), ("p.a~1", None), ("p.a~0", None), ("p.a~x", None), ("p.a~2~3", None)],
)
def test_the_id_of_a_journey_says_which_it_is(journey: str, entry: int | None) -> None:
    assert entry_of(JourneyId(journey), PROGRAM, A) == entry
    assert entry is None or journey_id(PROGRAM, A, entry) == journey


@pytest.mark.parametrize("wrong", ["", "a/b", "a b", ".a", "-a", "a?b", "a#b", "ä", "a%b", "a\n", "x" * 251])
def test_no_journey_has_an_id_that_a_url_cannot_carry(wrong: str) -> None:
    assert "cannot be the id of a journey" in str(problem_with_journey_id(wrong))
    assert problem_with_journey_id("p" * 120 + "." + "l" * 120 + "~999999") is None


_LEARNERS = st.sampled_from([A, B, C, D])
_COMMANDS = st.one_of(
    st.builds(OpenEnrollment, places=st.none() | st.integers(0, 4)),
    st.just(CloseEnrollment()),
    st.builds(Enroll, learners=st.lists(_LEARNERS, min_size=1, max_size=4).map(tuple)),
    st.builds(Enroll, learners=st.lists(_LEARNERS, min_size=1, max_size=4).map(tuple), again=st.booleans()),
    st.builds(Start, learners=st.lists(_LEARNERS, min_size=1).map(tuple), again=st.booleans()),
    st.builds(Remove, learner=_LEARNERS),
    st.builds(follow, st.builds(began, _LEARNERS, st.integers(1, 3))),
    st.builds(follow, st.builds(ended, _LEARNERS, st.integers(1, 3)), st.builds(ended, _LEARNERS)),
    st.builds(follow, st.builds(began, _LEARNERS).map(lambda one: one._replace(what="reopened"))),
)


@given(st.lists(_COMMANDS, max_size=12))
def test_places_are_never_oversold_and_nobody_is_lost_or_listed_twice(
    commands: list[Command],
) -> None:
    state = after()
    for command in commands:
        before = state
        try:
            events = decide(state, command, AT)
        except Rejected:
            continue
        state = fold(events, state)
        assert decide(state, command, AT) == []
        assert not state.enrolled & set(state.waiting)
        assert len(set(state.waiting)) == len(state.waiting)
        assert not state.enrolled & state.ended
        assert state.enrolled <= state.entries.keys()
        if state.places is not None and state.is_limited and not isinstance(command, FollowJourneys):
            assert len(state.enrolled) <= max(state.places, len(before.enrolled))
        if state.is_open and state.room != 0:
            assert not state.waiting
