"""At the last instant that there is, with the longest durations that a kit can have, no deadline overflows."""

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.ids import KitDigest, LearnerId, MentorId, ProgramId
from domain.journey import CheckActivity, JourneyCommand, JourneyState, Rejected, Wait, decide, fold, next_action
from domain.journey import commands as c
from domain.kit import Kit
from domain.values import EARLIEST, LATEST
from tests.domain.full_program import FULL

LONGEST = timedelta(weeks=1_000)
_DURATION = re.compile(r"[1-9][0-9.]* (minute|hour|day|week)s?")
INSTANTS = (EARLIEST, LATEST - timedelta(microseconds=1))


def at_their_longest(value: Any, name: str = "") -> Any:
    """Every duration as long as can be; the rungs of a ladder a little apart."""
    match value:
        case str() if _DURATION.fullmatch(value):
            return "990 weeks" if name == "after" else "10 weeks" if name == "length" else "1000 weeks"
        case dict():
            return {key: at_their_longest(one, str(key)) for key, one in value.items()}
        case list() | tuple() if name == "later":
            return [
                at_their_longest(one) | {"after": f"{7_000 - len(value) + nth} days"} for nth, one in enumerate(value)
            ]
        case list() | tuple():
            return [at_their_longest(one) for one in value]
        case _:
            return value


def kit(**changes: object) -> Kit:
    return Kit.model_validate(at_their_longest(FULL.model_dump(exclude={"meeting"})) | changes)


@pytest.mark.parametrize("at", INSTANTS, ids=str)
@pytest.mark.parametrize("term", [None, *INSTANTS], ids=str)
def test_a_journey_goes_on_to_its_end(at: Any, term: Any) -> None:
    longest = kit(starts_at=term)
    state: JourneyState | None = None
    mentor = MentorId("ana")
    given: list[JourneyCommand] = [
        c.StartJourney(by="system", program=ProgramId(longest.program), learner=LearnerId("lea"), kit=KitDigest("k")),
        c.SubmitIntake(answers={"goal": "job"}),
        c.ReviewIntake(verdict="approve", pathway=longest.pathways[0].id),
        c.OfferMatch(mentor=mentor),
        c.ApproveMatch(mentor=mentor),
        c.AskForHelp(notes="h"),
        c.Pause(reason="p"),
        c.Resume(),
        c.ResetPathway(reason="r"),
    ]
    for command in given:
        try:
            state = fold(decide(longest, state, command, at), state)
        except Rejected:
            assert state
    for _ in range(60):
        assert state
        action = next_action(longest, state)
        if not (isinstance(action, Wait) and action.timers):
            break
        timer = action.timers[0]
        asked = c.ReportActivity(last_active_at=None) if isinstance(timer.then, CheckActivity) else timer.then
        state = fold(decide(longest, state, asked, max(timer.at, at)), state)
    assert state
    assert state.stage_since < LATEST + 40 * LONGEST
