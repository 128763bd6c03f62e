"""What Temporal's UI says about a journey, in words."""

from domain.ids import CaseId
from domain.journey import JourneyEvent, next_action
from domain.journey.events import CaseOpened, JourneyClosed, JourneyPaused
from tests.domain.specification import given
from tests.domain.stories import KIT, day, handed_in, in_sessions, wrapping_up
from workflows.visibility import details


def shown(*events: JourneyEvent) -> list[str]:
    state = given(*events).state
    return details(KIT, state, next_action(KIT, state)).splitlines()


def test_who_is_awaited_which_cases_are_open_and_what_happens_next() -> None:
    opened = CaseOpened(
        at=day(12),
        case=CaseId("case-1"),
        rule="late-work",
        about="milestone:cv#1",
        severity="warning",
        owner="mentor",
        respond_by=day(14),
    )
    lines = shown(*handed_in, opened)
    assert lines[:2] == ["**Sessions** since 05 Mar 2026 12:00 UTC", "- mentor ana"]
    assert "- mentor: review of milestone CV, due 14 Mar 2026 12:00" in lines
    assert "- mentor: case 1, due 16 Mar 2026 12:00" in lines
    assert "- learner: milestone Talk, due 25 Mar 2026 12:00" in lines
    assert "- case 1, warning, with the mentor (`late-work`)" in lines
    assert any(line.startswith("- 07 Mar 2026 12:00: remind the learner") for line in lines)
    assert "case-1" not in "".join(lines)


def test_a_paused_journey_waits_for_nobody() -> None:
    lines = shown(*in_sessions, JourneyPaused(at=day(5), reason="ill", until=day(20)))
    assert "- paused until 22 Mar 2026 12:00" in lines
    assert "Waiting for:" not in lines
    assert "ill" not in "".join(lines).replace("will", ""), "the reason is personal"


def test_a_closed_journey_says_how_it_ended() -> None:
    closed = JourneyClosed(at=day(20), ending="ended_early", reason="moved away")
    assert shown(*wrapping_up, closed) == ["**Closed**: ended early"]
