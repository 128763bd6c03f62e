"""Groups are formed by what learners have in common and when they can, and nobody is left out without a reason."""

import random
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ids import JourneyId, LearnerId, MentorId
from domain.kit import Kit
from domain.matching.groups import Formation, Wanted, form
from domain.matching.pool import Available, Candidate
from domain.matching.week_cells import hours, starts
from domain.profiles import LearnerProfile, MentorProfile
from domain.scheduling.week import WEEKDAYS, Week, read_window
from tests.domain.groups import kit_of_groups

BEGINS = datetime.fromisoformat("2026-03-02T00:00:00Z")
HOUR = timedelta(hours=1)
EVENINGS, MORNINGS = "mon-fri 18:00-20:00", "sat,sun 09:00-12:00"


def learner(name: str, problem: str = "cv", week: str = EVENINGS, **more: object) -> Candidate:
    profile = {"problem_type": [problem] if problem else [], "availability": week, "time_zone": "Europe/Berlin"}
    return Candidate(
        journey=JourneyId(f"p.{name}"),
        learner=LearnerId(name),
        waiting_since=BEGINS,
        profile=LearnerProfile.model_validate(profile | more),
    )


def mentor(name: str, week: str = EVENINGS, free: int = 5, **more: object) -> Available:
    profile = {"availability": week, "time_zone": "Europe/Berlin"} | more
    return Available(mentor=MentorId(name), free=free, profile=MentorProfile.model_validate(profile))


def wanted(begins: datetime = BEGINS, **policy: object) -> Wanted:
    kit = kit_of_groups(**policy)
    return Wanted(kit=kit, pathway=kit.pathways[0], begins=begins, length=HOUR)


def whys(found: Formation) -> dict[str, str]:
    return {one.learner: one.why for one in found.unplaced}


def test_those_with_the_same_need_meet_when_all_of_them_can() -> None:
    learners = [learner(f"cv{nth}") for nth in range(3)] + [learner(f"talk{nth}", "talk", MORNINGS) for nth in range(2)]
    found = form(wanted(), learners, [mentor("ana"), mentor("ben", MORNINGS)])
    first, second = found.groups
    assert [one for one, _ in first.members] == ["cv0", "cv1", "cv2"]
    assert (first.mentors, str(first.slot)) == (("ana",), "Mondays 18:00 (Europe/Berlin)")
    assert (second.mentors, str(second.slot)) == (("ben",), "Saturdays 09:00 (Europe/Berlin)")
    assert first.common == ("problem type: cv",)
    assert found.unplaced == ()


def test_who_could_not_be_placed_and_why() -> None:
    alone, never = learner("alone", "talk"), learner("never", "pitch", MORNINGS)
    others = [learner("p1", "pitch", "mon 08:00-09:00"), learner("p2", "pitch", "tue 08:00-09:00")]
    unled = [learner("u1", "pay", MORNINGS), learner("u2", "pay", MORNINGS)]
    found = form(wanted(), [alone, never, *others, *unled], [mentor("ana")])
    assert found.groups == ()
    assert whys(found) == {
        "alone": "too_few_alike",
        "never": "no_common_hours",
        "p1": "no_common_hours",
        "p2": "no_common_hours",
        "u1": "no_mentor",
        "u2": "no_mentor",
    }
    assert "a group needs 2" in found.unplaced[0].words


def test_no_group_is_left_too_small_for_want_of_those_who_were_put_into_another() -> None:
    found = form(wanted(least=3, most=5), [learner(f"l{nth}") for nth in range(7)], [mentor("ana"), mentor("ben")])
    assert sorted(len(one.members) for one in found.groups) == [3, 4]


def test_who_has_not_said_fits_in_anywhere_and_nobody_meets_at_night() -> None:
    found = form(wanted(), [learner("a"), learner("b"), learner("c", "", "")], [mentor("ana", "")])
    assert [len(one.members) for one in found.groups] == [3]
    unsaid = form(wanted(), [learner("a", week=""), learner("b", week="")], [mentor("ana", "")])
    assert str(unsaid.groups[0].slot) == "Mondays 09:00 (Europe/Berlin)"


def test_equal_hours_are_not_decided_by_the_day_on_which_groups_are_formed() -> None:
    learners = [learner(f"l{nth}", week="") for nth in range(3)]
    for days in range(7):
        (group,) = form(wanted(BEGINS + timedelta(days=days)), learners, [mentor("ana", "")]).groups
        assert str(group.slot) == "Mondays 09:00 (Europe/Berlin)", days


def test_two_mentors_lead_where_the_kit_says_so_and_none_leads_two_at_once() -> None:
    learners = [learner(f"l{nth}", week="mon 18:00-19:00") for nth in range(10)]
    found = form(wanted(mentors=2), learners, [mentor(name) for name in ("ana", "ben", "cho")])
    assert [len(one.mentors) for one in found.groups] == [2]
    assert set(whys(found).values()) == {"no_mentor"}


def test_a_mentor_without_a_place_or_of_another_kind_leads_nobody() -> None:
    kind = mentor("kind", mentor_type="peer")
    full, untrained = mentor("full", free=0), mentor("new").model_copy(update={"trained": False})
    found = form(wanted(), [learner("a"), learner("b")], [kind, full, untrained])
    assert set(whys(found).values()) == {"no_mentor"}


def test_nobody_meets_a_mentor_with_whom_they_have_a_conflict() -> None:
    learners = [learner("a", never=["ana"]), learner("b"), learner("c")]
    found = form(wanted(), learners, [mentor("ana")])
    assert [one for one, _ in found.groups[0].members] == ["b", "c"]
    assert list(whys(found)) == ["a"]


def test_a_group_without_a_common_hour_has_enough_members_who_may_meet_its_mentor() -> None:
    learners = [learner("a", never=["ana"]), learner("b", never=["ana"]), learner("c")]
    found = form(wanted(common_hours=False), learners, [mentor("ana")])
    assert found.groups == ()
    assert whys(found) == dict.fromkeys("abc", "no_mentor")


_WEEKS = ["", EVENINGS, MORNINGS, "tue 08:00-09:00", "daily 22:00-23:30; wed 07:15-09:45"]
_ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
_LEARNERS = st.lists(
    st.tuples(
        st.sampled_from(["", "cv", "talk"]),
        st.sampled_from(["", "slow", "fast"]),
        st.sampled_from(_WEEKS),
        st.sampled_from(_ZONES),
    ),
    max_size=24,
)
_MENTORS = st.lists(st.tuples(st.sampled_from(_WEEKS), st.sampled_from(_ZONES), st.integers(0, 2)), max_size=5)


@settings(max_examples=150, deadline=None)
@given(_LEARNERS, _MENTORS, st.integers(1, 2), st.booleans(), st.randoms(use_true_random=False))
def test_whoever_there_is(
    learners: list[tuple[str, ...]],
    mentors: list[tuple[str, str, int]],
    leads: int,
    together: bool,
    shuffled: random.Random,
) -> None:
    candidates = [
        learner(f"l{nth}", problem, week, time_zone=zone, pace=[pace] if pace else [])
        for nth, (problem, pace, week, zone) in enumerate(learners)
    ]
    able = [mentor(f"m{nth}", week, free, time_zone=zone) for nth, (week, zone, free) in enumerate(mentors)]
    policy = wanted(least=2, most=4, mentors=leads, common_hours=together)
    found = form(policy, candidates, able)
    _is_sound(found, candidates, able, leads, together=together)
    shuffled.shuffle(candidates)
    shuffled.shuffle(able)
    assert form(policy, candidates, able) == found


def _is_sound(
    found: Formation, candidates: list[Candidate], able: list[Available], leads: int, *, together: bool
) -> None:
    placed = [one for group in found.groups for one, _ in group.members]
    assert sorted([*placed, *(one.learner for one in found.unplaced)]) == sorted(one.learner for one in candidates)
    known: dict[str, LearnerProfile | MentorProfile] = {one.learner: one.profile for one in candidates}
    known |= {one.mentor: one.profile for one in able}
    for group in found.groups:
        assert 2 <= len(group.members) <= 4
        assert len(set(group.mentors)) == leads
        needs = {known[one].problem_type for one, _ in group.members} - {()}  # type: ignore[union-attr]
        assert len(needs) <= 1
        assert bool(group.slot) == together
        for one in [*(learner for learner, _ in group.members), *group.mentors] if group.slot else ():
            at = group.slot.first(BEGINS)  # type: ignore[union-attr]
            assert _can(known[one].availability, known[one].time_zone or "UTC", at), (one, at)
    for lead in able:
        assert sum(lead.mentor in group.mentors for group in found.groups) <= lead.free


def _can(week: Week, zone: str, at: datetime) -> bool:
    """Minute by minute, by the clock of the zone."""
    return not week or all(
        any(
            WEEKDAYS[local.weekday()] in window.days and window.start <= local.hour * 60 + local.minute < window.end
            for window in week
        )
        for local in ((at + timedelta(minutes=nth)).astimezone(ZoneInfo(zone)) for nth in range(60))
    )


def test_hours_are_read_in_the_zone_of_the_person() -> None:
    free = hours((read_window("mon 00:00-02:00"),), "Asia/Kathmandu", BEGINS)
    assert [divmod(int(cell) * 15, 60) for cell in free.nonzero()[0]] == [(162, 15 * nth) for nth in (1, 2, 3)] + [
        (163, 15 * nth) for nth in range(4)
    ] + [(164, 0)], "18:15 of Sunday UTC to 20:15"
    assert [divmod(int(cell) * 15, 60) for cell in starts(free, HOUR).nonzero()[0]] == [(162, 30), (163, 0)]


def test_two_thousand_learners_take_seconds() -> None:
    chance = random.Random(11)  # noqa: S311 - the same learners every time
    learners = [
        learner(f"l{nth}", chance.choice("abcde"), chance.choice(_WEEKS), time_zone=chance.choice(_ZONES))
        for nth in range(2_000)
    ]
    able = [mentor(f"m{nth}", chance.choice(_WEEKS), time_zone=chance.choice(_ZONES)) for nth in range(250)]
    began = perf_counter()
    found = form(wanted(least=4, most=200), learners, able)
    assert perf_counter() - began < 20
    assert len(found.unplaced) < 200


def test_nobody_meets_in_the_quiet_hours_of_the_program() -> None:
    quiet = wanted()
    kit = Kit.model_validate(quiet.kit.model_dump() | {"quiet_hours": {"after": "19:00", "until": "08:00"}})
    asleep = mentor("ana", "daily 19:00-20:00")
    found = form(quiet.model_copy(update={"kit": kit}), [learner("a"), learner("b")], [asleep])
    assert set(whys(found).values()) == {"no_mentor"}
    awake = form(quiet.model_copy(update={"kit": kit}), [learner("a"), learner("b")], [mentor("ana", "")])
    assert str(awake.groups[0].slot) == "Mondays 18:00 (Europe/Berlin)"
