"""A pilot: begun with one change, said to be broken by another, ended with what was found."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain.ids import KitDigest, ProgramId
from domain.pilot import (
    INITIAL,
    PILOT,
    BeginPilot,
    ChangePilot,
    Command,
    EndPilot,
    Imported,
    PilotState,
    Share,
    Whom,
    decide,
    of_stream,
    pilot_stream,
)
from domain.refusal import Rejected

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
BEGIN = BeginPilot(
    program=ProgramId("job-ready"),
    title="Short intake",
    change="Four questions instead of nine",
    whom=Whom(cohort="2026-11"),
    baseline=Whom(cohort="2026-10"),
    measure="completion",
)


def but(**changes: Any) -> BeginPilot:
    return BEGIN.model_copy(update=changes)


def after(*commands: Command) -> PilotState:
    state = INITIAL
    for one in commands:
        state = PILOT.fold(decide(state, one, AT), state)
    return state


def refused(state: PilotState, command: Command) -> str:
    with pytest.raises(Rejected) as caught:
        decide(state, command, AT)
    return caught.value.code


def test_more_than_one_change_is_refused_unless_it_is_meant() -> None:
    broken = ("versions 1 and 2 differ in intake and pathways, with 7 differences",)
    assert refused(INITIAL, but(broken=broken)) == "pilot_changes_several_things"
    meant = after(but(broken=broken, several=True))
    assert meant.begun
    assert meant.begun.broken == broken


@pytest.mark.parametrize(
    "changes",
    [{"whom": Whom()}, {"baseline": Whom()}, {"baseline": BEGIN.whom}],
    ids=["nobody", "no baseline", "the same learners"],
)
def test_learners_and_baseline_are_two_groups(changes: dict[str, Any]) -> None:
    assert refused(INITIAL, but(**changes)) == "pilot_without_learners"


def test_begun_twice_is_begun_once_and_another_takes_another_name() -> None:
    assert decide(after(BEGIN), BEGIN, AT) == []
    assert refused(after(BEGIN), but(measure="attendance")) == "pilot_exists"


def test_what_else_is_changed_is_recorded_once() -> None:
    change = ChangePilot(what="Mentors are paid")
    assert [one.what for one in after(BEGIN, change, change).changes] == ["Mentors are paid"]
    many = after(BEGIN, *(ChangePilot(what=f"change {n}") for n in range(50)))
    assert refused(many, ChangePilot(what="one more")) == "too_many_pilot_changes"


def test_a_pilot_that_ended_stays_ended() -> None:
    end = EndPilot(verdict="kept", conclusion="Fewer left at the intake")
    ended = after(BEGIN, end)
    assert decide(ended, end, AT) == []
    assert refused(ended, end.model_copy(update={"verdict": "dropped"})) == "pilot_ended"
    assert refused(ended, ChangePilot(what="late")) == "pilot_ended"


def test_imported_figures_are_figures() -> None:
    figures = {"completion": {"count": 31, "of": 52}, "case_hours": {"n": 40, "mean": 20.5, "deviation": 11}}
    read = Imported.model_validate({"name": "spring 2025", "figures": figures})
    assert read.figures["completion"] == Share(count=31, of=52)
    for wrong in ({"count": 53, "of": 52}, {"count": 1}, {"n": 4, "mean": 2, "deviation": -1}):
        with pytest.raises(ValidationError):
            Imported.model_validate({"name": "spring 2025", "figures": {"completion": wrong}})


def test_a_baseline_is_learners_or_figures_when_it_is_read_again() -> None:
    imported = but(baseline=Imported(name="then", figures={"completion": Share(count=1, of=2)}))
    for command in (BEGIN, imported, but(whom=Whom(kit=KitDigest("abc"), version="2"))):
        (event,) = decide(INITIAL, command, AT)
        assert PILOT.events[event.type].model_validate_json(event.model_dump_json()) == event


def test_a_stream_names_program_and_pilot() -> None:
    assert of_stream(pilot_stream(ProgramId("a.b-c"), "short-intake")) == ("a.b-c", "short-intake")
