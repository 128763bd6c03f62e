"""Groups that are proposed can be formed: those who lead them have the time and the minutes for all of them."""

from datetime import time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cohort import Context
from domain.cohort.leading import Reserving, asked_of_mentors
from domain.cohort.state import INITIAL
from domain.holding import HOLD
from domain.ids import CohortId, JourneyId, LearnerId, MentorId, PathwayId
from domain.kit import Kit
from domain.matching.forming import Forming, Joining, Plan, command, propose
from domain.matching.leaders import Leading
from domain.matching.pool import Candidate
from domain.mentor import MENTOR, MentorCommand, MentorState
from domain.mentor.hours import Surroundings, calendar_of, zone
from domain.mentor.state import Booked
from domain.profiles import LearnerProfile, Leave, MentorProfile
from domain.scheduling.free import Calendar, Quiet
from tests.domain.groups import kit_of_groups
from tests.domain.stories import ANA, BEN, FAST, NOON, day

STEADY = PathwayId("steady")
HOUR = timedelta(hours=1)


def two_pathways(**parts: Any) -> Kit:
    """Groups on both: with two sessions on one of them, and on the other with a long one."""
    kit = kit_of_groups(**parts.pop("cohorts", {})).model_dump()
    sessions = [
        {"id": "w1", "title": "Workshop", "purpose": "try it", "after": "8 days", "mode": "cohort", "length": "2 hours"}
    ]
    steady = kit["pathways"][1] | {"sessions": sessions, "mentor_type": kit["pathways"][0]["mentor_type"]}
    return Kit.model_validate(kit | {"pathways": [kit["pathways"][0], steady]} | parts)


def joining(name: str, pathway: PathwayId = FAST, week: str = "", quiet: Quiet | None = None) -> Joining:
    profile = LearnerProfile.model_validate({"availability": week, "problem_type": ["cv"]})
    candidate = Candidate(journey=JourneyId(f"p.{name}"), learner=LearnerId(name), waiting_since=NOON, profile=profile)
    return Joining(pathway, candidate, Calendar(zone(None), profile.availability, quiet=quiet))


def leading(mentor: MentorId, state: MentorState | None = None, quiet: Quiet | None = None, **profile: Any) -> Leading:
    known = MentorProfile.model_validate(profile)
    state = (state or MentorState()).model_copy(update={"profile": known})
    return Leading(mentor, known, state, calendar_of(state, Surroundings(quiet=quiet)))


def forming(kit: Kit, learners: list[Joining], mentors: list[Leading]) -> Forming:
    return Forming(kit, kit.program_id, NOON, day(1), learners, mentors)


def form_all(planned: Plan, mentors: list[Leading]) -> None:
    """As a service does, one after another. Raises Rejected."""
    states = {one.mentor: one.state for one in mentors}
    for number, proposal in enumerate(planned.proposals, 1):
        wanted = command(planned, proposal, number, "ops")
        context, pathway = Context(CohortId(f"p.{number}"), planned.kit), planned.kit.pathway(proposal.pathway)
        assert pathway
        for asked in asked_of_mentors(INITIAL, wanted):
            reserving = Reserving(context, pathway, 0, asked, NOON, "ops")
            reservation = reserving.reservation(HOLD)
            commands: list[MentorCommand] = [*reserving.bookings(), *([reservation] if reservation else [])]
            for each in commands:
                state = states[asked.mentor]
                states[asked.mentor] = MENTOR.fold(MENTOR.decide(state, each, NOON), state)


def test_what_the_first_pathway_takes_of_a_mentor_is_not_free_for_the_second() -> None:
    learners = [joining(f"f{nth}", week="mon 18:00-20:00") for nth in range(2)]
    learners += [joining(f"s{nth}", STEADY, week="mon 18:00-20:00") for nth in range(2)]
    one, two = [leading(ANA)], [leading(ANA), leading(BEN)]
    alone = propose(forming(two_pathways(), learners, one))
    assert [each.pathway for each in alone.proposals] == [FAST]
    assert {each.learner: each.why for each in alone.unplaced} == {"s0": "no_mentor", "s1": "no_mentor"}
    both = propose(forming(two_pathways(), learners, two))
    assert sorted(each.group.mentors[0] for each in both.proposals) == [ANA, BEN]
    form_all(both, two)


def test_groups_without_a_common_hour_meet_on_another_day_where_their_mentor_is_taken() -> None:
    kit = two_pathways(cohorts={"common_hours": False, "most": 2})
    ana = [leading(ANA)]
    planned = propose(forming(kit, [joining(f"l{nth}") for nth in range(4)], ana))
    assert [[each.starts_at for each in one.sessions] for one in planned.proposals] == [
        [day(4), day(9)],
        [day(5), day(10)],
    ]
    form_all(planned, ana)


def test_a_mentor_who_is_away_for_months_is_passed_over() -> None:
    away = MentorState(leave=(Leave(starts_at=day(0), ends_at=day(200)),))
    mentors = [leading(ANA, away, expertise=["cv"]), leading(BEN)]
    planned = propose(forming(two_pathways(), [joining("a"), joining("b")], mentors))
    assert [one.group.mentors for one in planned.proposals] == [(BEN,)]
    assert propose(forming(two_pathways(), [joining("a"), joining("b")], mentors[:1])).proposals == ()


def test_a_mentor_keeps_the_time_in_between_that_the_kit_wants() -> None:
    kit = two_pathways(meeting={"buffer": "30 minutes"})
    busy = Booked(holder="journey-p.x", session="s", starts_at=day(7, 7), ends_at=day(7, 8), as_of=1, booked_at=NOON)
    ana = [leading(ANA, MentorState(booked={"journey-p.x/s": busy}))]
    planned = propose(forming(kit, [joining(f"l{nth}", week="mon 20:00-21:00") for nth in range(2)], ana))
    assert [one.starts_at for one in planned.proposals[0].sessions] == [day(14, 8), day(21, 8)]
    form_all(planned, ana)


def test_nobody_meets_in_their_own_quiet_hours() -> None:
    early = Quiet.between(time(17), time(8))
    learners = [joining("a", quiet=early), joining("b")]
    [only] = propose(forming(two_pathways(), learners, [leading(ANA, availability="mon 16:00-19:00")])).proposals
    assert str(only.group.slot) == "Mondays 16:00 (UTC)"
    evenings = [leading(ANA, availability="mon 17:00-19:00")]
    assert propose(forming(two_pathways(), learners, evenings)).proposals == ()
    asleep = [leading(ANA, quiet=early, availability="mon 17:00-19:00")]
    assert propose(forming(two_pathways(), [joining("b"), joining("c")], asleep)).proposals == ()


_WEEKS = ("", "mon 18:00-20:00", "mon,tue 18:00-19:00", "daily 17:30-21:00")
_QUIET = (None, Quiet.between(time(19), time(8)), Quiet.between(time(21), time(7)))
_PEOPLE = st.tuples(st.sampled_from(_WEEKS), st.sampled_from(_QUIET))
_BUSY = st.lists(st.tuples(st.integers(0, 40), st.integers(15, 21), st.booleans()), max_size=6)
_KITS = st.builds(
    lambda leads, together, overflow, buffer: two_pathways(
        cohorts={"mentors": leads, "most": 3, "common_hours": together},
        meeting={"buffer": buffer},
        capacity={"overflow": overflow, "minutes_a_week": 240, "costs": {"cohort": {"preparation": "30 minutes"}}},
    ),
    leads=st.integers(1, 2),
    together=st.booleans(),
    overflow=st.sampled_from(("wait", "past_target")),
    buffer=st.sampled_from(("0 minutes", "20 minutes")),
)


def _busy(those: list[tuple[int, int, bool]]) -> MentorState:
    """Days on leave, and hours that are booked."""
    midnight = NOON - 12 * HOUR
    leave = [
        Leave(starts_at=midnight + nth * 24 * HOUR, ends_at=midnight + (nth + 1) * 24 * HOUR)
        for nth, _, off in those
        if off
    ]
    booked = {
        f"journey-{nth}/s": Booked(
            holder=f"journey-{nth}",
            session="s",
            starts_at=midnight + nth * 24 * HOUR + hour * HOUR,
            ends_at=midnight + nth * 24 * HOUR + (hour + 1) * HOUR,
            as_of=1,
            booked_at=NOON,
        )
        for nth, hour, off in those
        if not off
    }
    return MentorState(leave=tuple(leave), booked=booked)


@settings(max_examples=25, deadline=None)
@given(
    learners=st.lists(st.tuples(st.sampled_from((FAST, STEADY)), _PEOPLE), max_size=14),
    mentors=st.lists(st.tuples(_PEOPLE, _BUSY, st.sampled_from((None, 90, 200))), max_size=4),
    kit=_KITS,
)
def test_whatever_is_proposed_can_be_formed(
    learners: list[tuple[PathwayId, tuple[str, Quiet | None]]],
    mentors: list[tuple[tuple[str, Quiet | None], list[tuple[int, int, bool]], int | None]],
    kit: Kit,
) -> None:
    those = [joining(f"l{nth}", pathway, *who) for nth, (pathway, who) in enumerate(learners)]
    able = [
        leading(MentorId(f"m{nth}"), _busy(busy), quiet, availability=week, minutes_a_week=minutes)
        for nth, ((week, quiet), busy, minutes) in enumerate(mentors)
    ]
    planned = propose(forming(kit, those, able))
    form_all(planned, able)
    placed = [learner for one in planned.proposals for learner, _ in one.group.members]
    everybody = [one.candidate.learner for one in those]
    assert sorted([*placed, *(one.learner for one in planned.unplaced)]) == sorted(everybody)
    quiet: dict[str, Quiet | None] = {str(one.mentor): one.calendar.quiet for one in able}
    quiet |= {str(one.candidate.learner): one.calendar.quiet for one in those}
    for group in (one.group for one in planned.proposals):
        for who in (*(learner for learner, _ in group.members), *group.mentors):
            assert group.slot is None or _is_awake(quiet[who], group.slot.start)


def _is_awake(quiet: Quiet | None, minute: int) -> bool:
    return quiet is None or any(first <= minute < last for first, last in quiet.leaves)
