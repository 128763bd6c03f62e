"""Who can join a group: groups are formed of them, and nobody else is added to one."""

from collections.abc import Sequence
from typing import get_args

import pytest

from domain.cohort.joining import Newcomer, in_the_way, in_words, require_can_join
from domain.ids import CohortId, LearnerId, SessionId
from domain.journey import JourneyEvent, JourneyState
from domain.journey.cohort import CohortJoined
from domain.journey.events import AttendanceRecorded, IntakeApproved, JourneyPaused, JourneyStarted
from domain.journey.terms import Attendance
from domain.kit import Kit
from domain.matching.forming import can_join
from domain.refusal import Rejected
from domain.values import changed
from tests.domain.groups import formed, kit_of_groups
from tests.domain.specification import given
from tests.domain.stories import (
    KIT,
    S1,
    S2,
    STEADY,
    day,
    in_review,
    in_sessions,
    kit_with,
    matching,
    wrapping_up,
)

GROUPS, BRINGING, WITHOUT = kit_of_groups(), kit_of_groups(brings_mentor=True), kit_with()


def standing(*events: JourneyEvent, kit: Kit = GROUPS) -> JourneyState:
    return given(*events, kit=kit).state


def recorded(session: SessionId, how: Attendance = "attended") -> AttendanceRecorded:
    return AttendanceRecorded(at=day(20), session=session, attendance=how)


PAUSED = JourneyPaused(at=day(4), until=day(10), reason="exams")
ELSEWHERE = CohortJoined(at=day(4), cohort=CohortId("first-steps.7"), since=day(4), meetings=())


@pytest.mark.parametrize(
    ("kit", "events", "expected"),
    [
        (GROUPS, in_sessions, None),
        (GROUPS, in_review, "wrong_stage"),
        (GROUPS, matching, "wrong_stage"),
        (BRINGING, matching, None),
        (BRINGING, in_review, "wrong_stage"),
        (WITHOUT, matching, "wrong_stage"),
        (WITHOUT, in_sessions, "program_without_cohorts"),
        (GROUPS, (*in_sessions, PAUSED), "journey_paused"),
        (GROUPS, (*in_sessions, ELSEWHERE), "in_another_cohort"),
        (GROUPS, (*in_sessions, recorded(S1)), None),
        (GROUPS, (*in_sessions, recorded(S1), recorded(S2)), "session_over"),
        (GROUPS, wrapping_up, "wrong_stage"),
    ],
)
def test_what_is_in_the_way_of_joining(kit: Kit, events: Sequence[JourneyEvent], expected: str | None) -> None:
    state = standing(*events, kit=kit)
    code = in_the_way(kit, state)
    assert code == expected
    assert can_join(kit, state) == (expected in (None, "program_without_cohorts")), "of those groups are formed"
    assert code is None or in_words(code, kit, state)


@pytest.mark.parametrize("how", get_args(Attendance))
def test_who_has_had_all_sessions_of_a_group_joins_none(how: Attendance) -> None:
    assert can_join(GROUPS, standing(*in_sessions, recorded(S1, how)))
    assert not can_join(GROUPS, standing(*in_sessions, recorded(S1, how), recorded(S2, how)))


def called(name: str, *events: JourneyEvent, kit: Kit = GROUPS) -> Newcomer:
    begun = JourneyStarted(
        at=day(0), program=KIT.program_id, learner=LearnerId(name), kit=KIT.digest, intake_due_at=day(14)
    )
    return Newcomer(kit, standing(begun, *events[1:], kit=kit))


def test_who_cannot_join_is_named_with_the_stage_and_with_what_to_do() -> None:
    group = formed().state
    require_can_join(group, [called("lou", *in_sessions), called("mia", *in_sessions)])
    with pytest.raises(Rejected) as refused:
        require_can_join(
            group,
            [called("lou", *in_sessions), called("mia", *matching), called("ned", *in_sessions, kit=WITHOUT)],
        )
    assert refused.value.code == "learners_cannot_join"
    assert refused.value.data == {"learners": ["mia", "ned"], "codes": ["wrong_stage", "program_without_cohorts"]}
    assert str(refused.value) == (
        "nobody was added. mia: the journey is in the stage matching, so the learner has no sessions yet; add them "
        "once the match is made; ned: the journey follows version 1 of the program, which forms no groups; to move "
        "it: trellis program migrate first-steps"
    )


def test_a_learner_on_another_pathway_does_not_have_the_sessions_of_the_group() -> None:
    workshop = {"id": "w1", "title": "Workshop", "purpose": "try it", "after": "8 days", "mode": "cohort"}
    fast, steady = GROUPS.model_dump()["pathways"]
    kit = Kit.model_validate(GROUPS.model_dump() | {"pathways": [fast, steady | {"sessions": [workshop]}]})
    events = [changed(one, {"pathway": STEADY}) if isinstance(one, IntakeApproved) else one for one in in_sessions]
    mia = called("mia", *events, kit=kit)
    assert can_join(kit, mia.state), "another group"
    with pytest.raises(Rejected, match="mia: the pathway 'steady' does not have the sessions of this group"):
        require_can_join(formed().state, [mia])


def test_of_many_the_first_are_explained_and_all_are_named() -> None:
    many = [called(f"l-{nth}", *matching) for nth in range(9)]
    with pytest.raises(Rejected, match=r"; and 4 more$") as refused:
        require_can_join(formed().state, many)
    assert refused.value.data["learners"] == [one.state.learner for one in many]
