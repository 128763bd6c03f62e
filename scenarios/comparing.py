"""Compares the result of a play with the expectations of its scenario."""

from collections.abc import Iterator, Sequence

from domain.ids import journey_stream
from domain.journey import EVENTS, JourneyState, fold
from scenarios.format import Expected, ExpectedMilestone, Scenario
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_CODEC = Codec(EVENTS)


async def differences_from_expected(scenario: Scenario, pool: Pool) -> Sequence[str]:
    """A sentence for every difference between the log and the expectations."""
    found: list[str] = []
    for expected in scenario.expected:
        recorded = await EventLog(pool).read_stream(journey_stream(scenario.journey(expected.learner)))
        state = fold(_CODEC.decode_known(recorded))
        about = f"learner {expected.learner}"
        if state is None:
            found.append(f"{about} has no journey")
        else:
            found += [f"{about}: {difference}" for difference in differences(expected, state)]
    return found


def differences(expected: Expected, state: JourneyState) -> Iterator[str]:
    """The differences between one journey and its expected state, in words."""
    ending = state.closing.ending if state.closing else None
    for what, wanted, found in (
        ("stage", expected.stage, state.stage),
        ("ending", expected.ending, ending),
        ("mentor", expected.mentor, state.mentor),
    ):
        if wanted is not None and wanted != found:
            yield f"the {what} is {found}, not {wanted}"
    if expected.milestones is not None:
        yield from _milestones(expected, state)


def _milestones(expected: Expected, state: JourneyState) -> Iterator[str]:
    wanted = dict(expected.milestones or {})
    for one in state.milestones:
        ought = wanted.pop(one.milestone, None)
        handed_in = one.status != "open" or one.attempt > 1
        found = ExpectedMilestone(status=one.status, score=one.score) if handed_in else None
        if found != ought:
            yield f"milestone {one.milestone} is {_said(found)}, not {_said(ought)}"
    yield from (f"milestone {name} is not one of the journey's" for name in wanted)


def _said(one: ExpectedMilestone | None) -> str:
    if one is None:
        return "not handed in"
    return one.status + (f" with {one.score:g}" if one.score is not None else "")
