"""What pathways ask of a mentor's weeks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import SessionId
from domain.kit import Capacity, Cohorts, Costs, Kit, Session
from domain.mentor.demand import Demand, SharedDemand, WeekDemand, demand_of, monday, week_of, weeks_between
from domain.values import changed
from tests.domain.stories import KIT

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kit(*modes: str, cohorts: Cohorts | None = None, touchpoints: int = 0) -> Kit:
    """A session a week, in these modes; live time of asynchronous ones is not given."""
    sessions = tuple(
        Session(id=f"s{nth}", title="S", purpose="P", mode=mode, after=nth * 7 * DAY) for nth, mode in enumerate(modes)
    )
    capacity = Capacity(
        touchpoints=timedelta(minutes=touchpoints),
        costs={"hybrid": Costs(preparation=timedelta(minutes=15), follow_up=timedelta(seconds=90))},
    )
    pathway = changed(KIT.pathways[0], {"sessions": sessions})
    return KIT.model_copy(update={"pathways": (pathway,), "capacity": capacity, "cohorts": cohorts})


def asked(kit: Kit, start: datetime = MONDAY) -> Demand:
    pathway = kit.pathways[0]
    sessions = [(SessionId(one.id), start + one.after) for one in pathway.sessions]
    return demand_of(kit, pathway, start, start + pathway.ends, sessions)


def test_each_mode_has_its_costs_in_the_week_of_the_session() -> None:
    assert asked(kit("hybrid", "asynchronous", "guided_review")) == Demand(
        weeks=(
            WeekDemand(week="2026-W10", preparation=15, live=60, follow_up=2),
            WeekDemand(week="2026-W11", preparation=10, live=0, follow_up=10),
            WeekDemand(week="2026-W12", preparation=10, live=60, follow_up=10),
        )
    )


def test_those_who_come_to_the_same_office_hours_share_them() -> None:
    assert [one.week for one in asked(kit("office_hours")).shared] == ["2026-W10"]
    assert len(asked(kit("office_hours", cohorts=Cohorts())).shared) == 1


def test_touchpoints_count_in_each_week_of_the_pathway() -> None:
    weeks = asked(kit("hybrid", touchpoints=20)).weeks
    assert [(one.week, one.touchpoints, one.total) for one in weeks] == [
        ("2026-W10", 20, 97),
        *((f"2026-W{week}", 20, 20) for week in (11, 12, 13, 14)),
    ]


def test_a_session_of_a_group_is_shared_by_all_who_come_at_that_time() -> None:
    one = SharedDemand(
        week="2026-W10", preparation=10, live=60, follow_up=10, session="first-steps/s0@2026-03-02T09:00Z"
    )
    assert asked(kit("cohort")) == Demand(shared=(one,))
    assert asked(kit("cohort")) == asked(kit("cohort"))


def test_where_the_kit_forms_groups_they_book_their_sessions() -> None:
    assert asked(kit("cohort", "hybrid", cohorts=Cohorts())).shared == ()


def test_sessions_of_an_earlier_version_cost_nothing() -> None:
    one = kit("hybrid")
    assert demand_of(one, one.pathways[0], MONDAY, MONDAY, [(SessionId("gone"), MONDAY)]) == Demand()


@given(st.datetimes(datetime(1971, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)), st.integers(1, 5_000))  # noqa: DTZ001
def test_weeks_follow_each_other_across_years(start: datetime, hours: int) -> None:
    end = start + hours * HOUR
    weeks = list(weeks_between(start, end))
    assert weeks == sorted(set(weeks))
    assert (weeks[0], weeks[-1]) == (week_of(start), week_of(end - timedelta(microseconds=1)))
    assert all((monday(b) - monday(a)).days == 7 for a, b in pairwise(weeks))
