"""Simulated people: the same chance whatever the order and the policy, in every kit that ships, and as they say."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

import pytest

from domain.journey.cases import CaseResolved
from domain.journey.escalations import Nudged
from domain.kit import Kit
from kits.loading import load_kit
from kits.setting import with_values
from rehearsal.people import attending, handing_in, mentoring, responding
from rehearsal.people.answering import taken
from rehearsal.people.behaving import Behaving, Crowd
from rehearsal.people.draws import Draws
from rehearsal.people.fitted import fitted
from rehearsal.people.track import Track, kind_of
from tests.rehearsal.people.living import Lived, live

PROGRAMS = Path(__file__).resolve().parents[3] / "programs"
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def crowd(kit: Kit, learners: int = 25, seed: int = 7) -> Crowd:
    begins_at = kit.starts_at - 20 * DAY if kit.starts_at else AT
    return Crowd(kit, seed, 0, learners, 5, begins_at, 7 * DAY)


def lives(kit: Kit, learners: int = 25, *, backwards: bool = False) -> dict[str, Lived]:
    people = Behaving(crowd(kit, learners))
    arrivals = list(people.learners())
    return {one.learner: live(kit, people, one, "mentor-1") for one in (reversed(arrivals) if backwards else arrivals)}


def tracks(count: int, days: int = 200) -> list[Track]:
    made = (Draws(3, 0, f"l-{nth}") for nth in range(count))
    return [Track(draws, fitted(), kind_of(draws, fitted()), days) for draws in made]


@pytest.mark.parametrize("program", ["job-ready", "open-source-term", "teaching-circle"])
def test_people_live_through_every_program_that_ships(program: str) -> None:
    """Nothing that they do is refused: they do what is asked of them, and only while it is."""
    found = lives(load_kit(PROGRAMS / program))
    assert sum((one.refused for one in found.values()), Counter()) == {}
    endings = Counter(one.state.closing.ending if one.state and one.state.closing else "open" for one in found.values())
    assert endings["completed"] > len(found) / 3
    types = {event.type.removeprefix("journey.") for one in found.values() for event in one.events}
    assert types >= {"offer_accepted", "attendance_recorded", "notes_written", "milestone_submitted", "case_resolved"}
    assert types >= {"session_prepared", "feedback_given", "activity_seen", "follow_up_sent", "checked_in"}


def test_order_plays_no_role() -> None:
    kit = load_kit(PROGRAMS / "job-ready")
    forwards, backwards = lives(kit, 10), lives(kit, 10, backwards=True)
    assert {one: lived.events for one, lived in forwards.items()} == {
        one: lived.events for one, lived in backwards.items()
    }


def test_under_another_policy_the_same_people_meet_the_same_chance() -> None:
    """A rule that fires later changes nothing before it would have fired."""
    kit = load_kit(PROGRAMS / "job-ready")
    slower = with_values(kit, ["escalations.quiet.when.no_activity_for=20 days"])
    first, second = lives(kit, 10), lives(slower, 10)
    for learner, lived in first.items():
        fired = (one.at for one in lived.events if isinstance(one, Nudged) and one.rule == "quiet")
        until = next(fired, datetime.max.replace(tzinfo=UTC))
        before, others = (
            [one for one in events if one.at < until and one.type not in ("journey.started", "journey.activity_seen")]
            for events in (lived.events, second[learner].events)
        )
        assert before == others


def test_the_longer_somebody_is_away_the_less_likely_they_come_back() -> None:
    for kind in fitted().active:
        assert list(kind) == sorted(kind, reverse=True)


def test_the_kinds_differ_and_many_leave_or_fall_silent() -> None:
    made = tracks(600)
    by_kind = [[one for one in made if one.kind == kind] for kind in range(3)]
    busy = [fmean(len(one.active) / (one.left or one.days) for one in those) for those in by_kind]
    assert busy == sorted(busy)
    left = fmean(one.left is not None for one in made)
    assert 0.12 < left < 0.3
    assert fmean(one.gap(150) > 28 for one in made if one.is_there(150)) > 0.1


def test_who_is_brought_back_is_there_and_meets_the_same_chance_later() -> None:
    away = next(one for one in tracks(200) if one.left is None and one.gap(100) > 40)
    before = [day for day in away.active if day < 100]
    away.come_back(100)
    assert away.gap(100) == 0
    assert [day for day in away.active if day < 100] == before
    assert away.active == sorted(set(away.active))


def test_nobody_comes_back_who_has_left() -> None:
    gone = next(one for one in tracks(200) if one.left is not None and one.left < 100)
    active, left = list(gone.active), gone.left
    gone.come_back(150)
    assert (gone.active, gone.left) == (active, left)


def test_only_who_is_away_responds_and_few_do() -> None:
    nudge = [Nudged(at=AT, rule="quiet", about="quiet-since:x", to="learner")]
    talk = [CaseResolved(at=AT, case="case-1", resolution="Talked.")]
    made = [one for one in tracks(2_500, 40) if one.is_there(30) and one.gap(30) >= 3]
    half = len(made) // 2
    nudged = fmean(responding.respond(one, one.draws, nudge, 30) for one in made[:half])
    talked = fmean(responding.respond(one, one.draws, talk, 30) for one in made[half:])
    assert nudged == pytest.approx(responding.NUDGED, abs=0.03)
    assert talked == pytest.approx(responding.TALKED_TO, abs=0.06)
    here = next(one for one in tracks(50) if one.gap(30) == 0)
    assert not responding.respond(here, here.draws, talk, 30)


def test_who_is_away_comes_to_fewer_sessions_and_hands_in_less() -> None:
    made = [one for one in tracks(1_200, 80) if one.is_there(60)]
    here, away = [one for one in made if one.gap(60) < 7], [one for one in made if one.gap(60) >= 14]
    came = [
        fmean(attending.attendance(one, one.draws, 60, "s") in ("attended", "late") for one in those)
        for those in (here, away)
    ]
    assert came == pytest.approx([0.91, 0.35], abs=0.06)
    chances = [fmean(handing_in.chance(one, 67, fitted()) for one in those) for those in (here, away)]
    assert chances[0] > chances[1] + 0.3
    days = [handing_in.day(one, one.draws, 67, "m", fitted()) for one in here]
    late = fmean(day > 67 for day in days if day is not None)
    assert late == pytest.approx(fitted().late, abs=0.05)


def test_most_answer_in_time_and_mentors_are_quick_or_slow() -> None:
    times = [taken(Draws(1, 0, f"p-{nth}"), "notes", 2 * DAY) for nth in range(3_000)]
    given = [one for one in times if one is not None]
    assert len(given) / len(times) == pytest.approx(0.96, abs=0.02)
    assert fmean(one > 2 * DAY for one in given) == pytest.approx(0.115, abs=0.03)
    paces = sorted(mentoring.pace(Draws(1, 0, f"m-{nth}")) for nth in range(2_000))
    assert paces[1_000] == pytest.approx(1, abs=0.06)
    assert paces[1_800] == pytest.approx(1.9, abs=0.2)
    ill = [Draws(1, 0, f"m-{nth}") for nth in range(2_000)]
    assert fmean(mentoring.when_well(one, AT) > AT for one in ill) == pytest.approx(mentoring.ILL, abs=0.012)
