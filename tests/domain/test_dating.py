"""Which event gave a session its time, and whether somebody chose that time."""

from datetime import datetime, timedelta

from domain.journey.dating import Dating, dates
from domain.journey.ending import JourneyClosed
from domain.journey.events import JourneyEvent
from domain.journey.pathway import PathwayReset
from domain.journey.pausing import JourneyPaused, JourneyResumed
from domain.journey.sessions import PlannedSession, SessionRescheduled
from tests.domain.stories import S1, S2, day, in_sessions

HOUR = timedelta(hours=1)


def planned(session: str, at: datetime) -> PlannedSession:
    return PlannedSession.model_validate({"session": session, "starts_at": at, "attendance_due_at": at + 24 * HOUR})


def moved(at: datetime, to: datetime, session: str = S1) -> SessionRescheduled:
    return SessionRescheduled.model_validate(
        {"at": at, "session": session, "starts_at": to, "attendance_due_at": to + 24 * HOUR}
    )


def dated(*events: JourneyEvent) -> dict[str, Dating]:
    story = [*in_sessions, *events]
    return {str(session): one for session, one in dates(enumerate(story, start=1)).items()}


def test_planned_dates_are_not_chosen_and_moved_ones_are() -> None:
    before = dated()
    assert {one.chosen for one in before.values()} == {False}
    after = dated(moved(day(4), day(9)))
    assert (after[S1].starts_at, after[S1].chosen, after[S1].version) == (day(9), True, len(in_sessions) + 1)
    assert after[S2] == before[S2]


def test_a_pause_shifts_what_was_chosen_and_a_date_that_is_kept_stays_as_it_was() -> None:
    pause = JourneyPaused(at=day(5), reason="ill", until=day(6))
    resume = JourneyResumed(at=day(6), paused_for=timedelta(days=1))
    shifted = dated(moved(day(4), day(9)), pause, resume)
    assert (shifted[S1].starts_at, shifted[S1].chosen) == (day(10), False)
    kept = dated(moved(day(4), day(9)), pause, resume, moved(day(6), day(9)))
    assert (kept[S1].starts_at, kept[S1].chosen) == (day(9), True)
    first = dated()[S2].starts_at
    of_plan = dated(pause, resume, moved(day(6), first, S2))
    assert (of_plan[S2].starts_at, of_plan[S2].chosen) == (first, False)


def test_a_new_plan_takes_the_place_of_what_was_chosen() -> None:
    anew = PathwayReset(
        at=day(5), reason="anew", starts_at=day(5), ends_at=day(40), sessions=(planned(S1, day(12)),), milestones=()
    )
    after = dated(moved(day(4), day(9)), anew)
    assert (after[S1].starts_at, after[S1].chosen, after[S1].version) == (day(12), False, len(in_sessions) + 2)


def test_closing_dates_nothing() -> None:
    moving = moved(day(4), day(9))
    closed = JourneyClosed.model_validate({"at": day(5), "ending": "withdrawn", "reason": "no time"})
    assert dated(moving, closed)[S1] == dated(moving)[S1]
