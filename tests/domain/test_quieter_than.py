"""A learner held against the others on the pathway."""

from datetime import datetime, timedelta

from hypothesis import given as on_any
from hypothesis import strategies as st

from domain.ids import PathwayId
from domain.journey.commands import ReportActivity
from domain.journey.escalations import ComparedWithOthers, Nudged
from domain.silences import INITIAL as NOTHING_MEASURED
from domain.silences import LEAST_LEARNERS, PERCENTS, OthersSeen, RecordSilences, Silence, decide, evolve, measured
from tests.domain.specification import Given, given
from tests.domain.stories import day, in_sessions, kit_with

RULE = {
    "id": "quieter",
    "title": "Quieter than others",
    "when": {"quieter_than": 90, "quiet_for": "4 days"},
    "then": {"nudge": "mentor"},
    "later": [{"after": "3 days", "then": {"open_case": "ops"}}],
}
ABOUT = "quiet-since:2026-03-05T12:00"


def others(*, nine_of_ten_seen_since: datetime, at: datetime) -> OthersSeen:
    since = tuple(nine_of_ten_seen_since if percent >= 90 else at for percent in PERCENTS)
    return OthersSeen(measured_at=at, learners=40, seen_since=since)


def quiet() -> Given:
    """Seen last on the third day."""
    return given(*in_sessions, kit=kit_with(escalations=[RULE]))


def test_who_is_quieter_than_nearly_all_others_is_flagged_and_climbs_the_ladder_from_there() -> None:
    assert quiet().timer("escalations.quieter").at == day(7)
    seen = others(nine_of_ten_seen_since=day(4), at=day(7))
    flagged = (
        quiet()
        .when(ReportActivity(last_active_at=None, others=seen), at=day(7))
        .then(
            ComparedWithOthers(
                at=day(7),
                rule="quieter",
                comparison="90:345600",
                others=40,
                seen_since=day(4),
                look_again_at=None,
            ),
            Nudged(at=day(7), rule="quieter", about=ABOUT, to="mentor"),
        )
    )
    assert flagged.timer("escalations.quieter").at == day(10)
    later = flagged.when(ReportActivity(last_active_at=None), at=day(10)).so()
    assert [one.type for one in later.events[-1:]] == ["journey.case_opened"]


def test_whom_others_are_as_quiet_as_is_looked_at_again_and_again() -> None:
    as_quiet = others(nine_of_ten_seen_since=day(1), at=day(7))
    waiting = quiet().when(ReportActivity(last_active_at=None, others=as_quiet), at=day(7)).so()
    assert [one.type for one in waiting.events[-1:]] == ["journey.compared_with_others"]
    assert waiting.timer("escalations.quieter").at == day(9)  # when they would be beyond, if nobody else was seen
    nobody = waiting.when(ReportActivity(last_active_at=None), at=day(9)).so()
    assert nobody.timer("escalations.quieter").at == day(16)
    back = nobody.when(ReportActivity(last_active_at=day(15)), at=day(16)).so()
    assert back.timer("escalations.quieter").at == day(19)


@on_any(st.lists(st.integers(0, 60 * 24), min_size=LEAST_LEARNERS, max_size=80))
def test_at_most_the_others_were_seen_last_before_that_moment(hours: list[int]) -> None:
    since = [day(80) - timedelta(hours=one) for one in hours]
    (found,) = measured(Silence(PathwayId("main"), one) for one in since)
    assert found.learners == len(since)
    for percent, moment in zip(PERCENTS, found.seen_since, strict=True):
        assert sum(one < moment for one in since) <= (100 - percent) / 100 * len(since)
        assert sum(one >= moment for one in since) >= percent / 100 * len(since)


def test_a_measurement_is_recorded_once_and_too_few_are_not_measured() -> None:
    few = [Silence(PathwayId("main"), day(1))] * (LEAST_LEARNERS - 1)
    assert measured(few) == ()
    assert decide(NOTHING_MEASURED, RecordSilences(measurement="m-1", pathways=()), day(2)) == []
    command = RecordSilences(measurement="m-1", pathways=measured([*few, *few]))
    (event,) = decide(NOTHING_MEASURED, command, day(2))
    state = evolve(NOTHING_MEASURED, event)
    assert decide(state, command, day(3)) == []
    assert event.others(PathwayId("other")) is None
    (nobody,) = decide(state, RecordSilences(measurement="m-2", pathways=()), day(3))
    assert nobody.others(PathwayId("main")) is None
