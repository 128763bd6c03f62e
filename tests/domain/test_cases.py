"""How people deal with a case: seen, left for later, handed on, resolved."""

import pytest
from pydantic import ValidationError

from domain.ids import CaseId
from domain.journey.commands import (
    COMMANDS,
    AcknowledgeCase,
    AskForHelp,
    ReassignCase,
    ResolveCase,
    Resume,
    SnoozeCase,
)
from domain.journey.events import CaseAcknowledged, CaseReassigned, CaseResolved, CaseSnoozed, JourneyPaused
from tests.domain.full_program import case, full, together
from tests.domain.specification import Given
from tests.domain.stories import day

ONE = CaseId("case-1")


def asked() -> Given:
    """The mentor has a day to answer a call for help."""
    return full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so()


def test_a_case_seen_has_as_long_again_to_be_resolved() -> None:
    see = AcknowledgeCase(by="mentor:ana", case=ONE)
    seen = (
        asked()
        .when(see, at=day(5, 6))
        .then(CaseAcknowledged(at=day(5, 6), by="mentor:ana", case=ONE, respond_by=day(6, 6)))
    )
    assert seen.awaited("case:case-1#2").due_at == day(6, 6)
    seen.when(see, at=day(5, 7)).nothing()
    assert seen.timer("escalations.unanswered").at == day(6, 6)


def test_a_case_rests_until_a_moment_for_a_reason() -> None:
    snooze = SnoozeCase(case=ONE, until=day(9), reason="she is away")
    resting = (
        asked().when(snooze, at=day(5, 6)).then(CaseSnoozed(at=day(5, 6), case=ONE, until=day(9), reason="she is away"))
    )
    assert resting.timer("escalations.unanswered").at == day(9)
    resting.when(snooze, at=day(5, 7)).nothing()
    asked().when(SnoozeCase(case=ONE, until=day(4), reason="?"), at=day(5, 6)).rejected("is past")
    asked().when(SnoozeCase(case=ONE, until=day(900), reason="?"), at=day(5, 6)).rejected("more than a year")


def test_a_pause_shifts_a_resting_case() -> None:
    resting = asked().when(SnoozeCase(case=ONE, until=day(9), reason="away"), at=day(5, 6)).so()
    halted = full(*resting.events, JourneyPaused(at=day(6), reason="ill", until=day(30)))
    assert halted.when(Resume(), at=day(16)).so().awaited("case:case-1#2").due_at == day(19)


def test_a_case_seen_in_a_pause_has_its_whole_time_after_it() -> None:
    halted = full(*asked().events, JourneyPaused(at=day(5, 6), reason="ill", until=day(30)))
    seen = halted.when(AcknowledgeCase(case=ONE), at=day(10)).so()
    waits = seen.when(Resume(), at=day(20)).so().awaited("case:case-1#2")
    assert (waits.since, waits.due_at) == (day(20), day(21))


def test_a_case_handed_on_gives_the_new_owner_the_time_of_the_first() -> None:
    hand_on = ReassignCase(case=ONE, owner="ops", reason="ana is ill")
    moved = (
        asked()
        .when(hand_on, at=day(5, 20))
        .then(CaseReassigned(at=day(5, 20), case=ONE, owner="ops", respond_by=day(6, 20), reason="ana is ill"))
    )
    assert moved.awaited("case:case-1#2").who == "ops"
    moved.when(hand_on, at=day(5, 21)).nothing()


def test_each_time_that_a_case_is_given_can_be_overdue_once() -> None:
    late = asked().when_due("escalations.unanswered").then(case(2, "unanswered", "case:case-1", day(6)))
    seen = late.when(AcknowledgeCase(case=ONE), at=day(7)).so()
    seen.when_due("escalations.unanswered", about="case 1").then(case(3, "unanswered", "case:case-1#2", day(8)))


def test_a_case_that_was_resolved_is_not_dealt_with_again() -> None:
    resolved = (
        asked()
        .when(ResolveCase(case=ONE, resolution="called"), at=day(5, 6))
        .then(CaseResolved(at=day(5, 6), case=ONE, resolution="called"))
    )
    resolved.when(ResolveCase(case=ONE, resolution="called"), at=day(6)).nothing()
    for command in (
        AcknowledgeCase(case=ONE),
        SnoozeCase(case=ONE, until=day(9), reason="?"),
        ReassignCase(case=ONE, owner="ops", reason="?"),
        ResolveCase(case=ONE, resolution="again"),
    ):
        resolved.when(command, at=day(6)).rejected("case-1 is closed already")


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("acknowledge_case", {}),
        ("snooze_case", {"until": day(9), "reason": "?"}),
        ("reassign_case", {"owner": "ops", "reason": "?"}),
        ("resolve_case", {"resolution": "?"}),
    ],
)
def test_an_unknown_case_is_refused(name: str, payload: dict[str, object]) -> None:
    command = COMMANDS[name].model_validate(payload | {"case": "case-7"})
    asked().when(command, at=day(6)).rejected("it has: case-1")


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("snooze_case", {"until": day(9), "reason": ""}),
        ("reassign_case", {"owner": "ops", "reason": ""}),
        ("resolve_case", {"resolution": ""}),
    ],
)
def test_whoever_puts_a_case_aside_says_why(name: str, payload: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        COMMANDS[name].model_validate(payload | {"case": "case-1"})
