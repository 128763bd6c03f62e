"""What a program does when it is asked: enrollment, places, and the waiting list."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import KitDigest, LearnerId
from domain.program import (
    CloseEnrollment,
    Enroll,
    EnrollmentClosed,
    EnrollmentOpened,
    KitPublished,
    LearnerRemoved,
    LearnersEnrolled,
    LearnersWaitlisted,
    OpenEnrollment,
    ProgramEvent,
    ProgramState,
    PublishKit,
    Refused,
    Remove,
    decide,
    fold,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
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
    with pytest.raises(Refused, match="publish one first"):
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
    with pytest.raises(Refused, match="open it first"):
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


_LEARNERS = st.sampled_from([A, B, C, D])
_COMMANDS = st.one_of(
    st.builds(OpenEnrollment, places=st.none() | st.integers(0, 4)),
    st.just(CloseEnrollment()),
    st.builds(Enroll, learners=st.lists(_LEARNERS, min_size=1, max_size=4).map(tuple)),
    st.builds(Remove, learner=_LEARNERS),
)


@given(st.lists(_COMMANDS, max_size=12))
def test_places_are_never_oversold_and_nobody_is_lost_or_listed_twice(
    commands: list[OpenEnrollment | CloseEnrollment | Enroll | Remove],
) -> None:
    state = after()
    for command in commands:
        before = state
        try:
            events = decide(state, command, AT)
        except Refused:
            continue
        state = fold(events, state)
        assert decide(state, command, AT) == []
        assert not state.enrolled & set(state.waiting)
        assert len(set(state.waiting)) == len(state.waiting)
        if state.places is not None:
            assert len(state.enrolled) <= max(state.places, len(before.enrolled))
        if state.is_open and state.room != 0:
            assert not state.waiting
