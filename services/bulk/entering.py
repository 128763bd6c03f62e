"""Journeys of many learners at once: all of them get a place now or none, and the workflow begins their journeys."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain import program as p
from domain.bulk import BULK, Code
from domain.bulk.events import MOST_JOURNEYS
from domain.ids import BulkId, LearnerId, ProgramId, bulk_stream
from domain.program import ProgramState, Start
from domain.refusal import Rejected
from domain.values import Actor
from services.bulk.foretelling import Foretold
from services.bulk.planning import BulkPlan, SampleJourney, as_recorded, freeze, new_id, told
from services.enrolling import Enrollment, Step, enroll_people, preview, steps_of
from services.places import catch_up
from store.bulk import Item
from store.database import Pool
from store.people import Person
from store.transact import read

USUAL_RATE_OF_STARTS = 50.0
_SAMPLE = 10
_OF_A_FILE = BulkId("file")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is to start in which program."""

    program: ProgramId
    people: Sequence[Person]
    """Their personal data, which are stored and replace what is known."""
    sends_answers: bool = False
    """Whether their answers to the intake are sent in."""
    again: bool = False
    """Also those whose last journey in the program has ended: they get another."""
    past_places: bool = False
    rate: float = USUAL_RATE_OF_STARTS
    by: Actor = "ops"

    @property
    def learners(self) -> list[LearnerId]:
        return [LearnerId(one.person_id) for one in self.people]


async def foretell_entry(pool: Pool, entry: Entry) -> BulkPlan:
    """What would come of it now. Nothing is stored: the list of learners is in the file. The digest is that of the file
    and of the journeys that would begin.

    Raises:
        Rejected: as `enter`.
    """
    steps, state, _ = await _looked_at(pool, Enrollment(pool), entry)
    after = _after(state, steps)
    items = list(_items(entry.program, after, entry.learners))
    foretold = [_foretold(entry, state, one) for one in items]
    sample = [
        SampleJourney(one.journey, item.learner, None, one.becomes, None, one.code, one.says)
        for item, one in zip(items[:_SAMPLE], foretold, strict=False)
    ]
    planned = as_recorded(_OF_A_FILE, _known(entry), items)
    return told(planned.bulk, planned.command, foretold, sample)


async def enter(
    pool: Pool, entry: Entry, bulk: BulkId | None = None, advance: Callable[[int], None] = lambda _: None
) -> BulkId:
    """Gives everybody a place and freezes the list of their journeys; `Bulks.begin` then starts them. With the id of an
    action that is there, nothing changes, so that it may be repeated after an interruption. `advance`: told how many
    more have their place.

    Raises:
        Rejected: for too many learners, and when there are too few places or enrollment is closed. Nothing was stored.
    """
    chosen = bulk or new_id()
    if (await read(pool, bulk_stream(chosen), BULK)).state:
        return chosen
    enrollment = Enrollment(pool)
    steps, _, admitted = await _looked_at(pool, enrollment, entry)
    await enroll_people(enrollment, entry.program, steps, advance)
    state = await enrollment.state(entry.program)
    having = [one for one in dict.fromkeys((*entry.learners, *admitted)) if one in state.enrolled]
    await freeze(pool, chosen, _known(entry), list(_items(entry.program, state, having)))
    return chosen


async def _looked_at(
    pool: Pool, enrollment: Enrollment, entry: Entry
) -> tuple[list[Step], ProgramState, Sequence[LearnerId]]:
    """The steps of the enrollment, the program before them, and who has got a place from the waiting list until then.

    Raises Rejected, where not all of the steps can be made.
    """
    if len(entry.people) > MOST_JOURNEYS:
        raise Rejected(
            Code.TOO_LARGE,
            f"{len(entry.people):,} learners are more than the {MOST_JOURNEYS:,} of one bulk action; divide the file",
            {"most": MOST_JOURNEYS},
        )
    if not entry.people:
        raise Rejected(Code.NOTHING_SELECTED, "the file has no learners, so there is nothing to do")
    admitted = (await catch_up(pool, enrollment)).get(entry.program, ())

    def command(learners: tuple[LearnerId, ...]) -> Start:
        return Start(learners=learners, again=entry.again, past_places=entry.past_places, by=entry.by)

    steps, state = steps_of(entry.people, command), await enrollment.state(entry.program)
    preview(state, (step for step, _ in steps), datetime.now(UTC))  # all of them or none
    return steps, state, admitted


def _after(state: ProgramState, steps: Iterable[Step]) -> ProgramState:
    for step, _ in steps:
        state = p.fold(p.decide(state, step, datetime.now(UTC)), state)
    return state


def _foretold(entry: Entry, before: ProgramState, item: Item) -> Foretold:
    if item.learner in before.enrolled:
        return Foretold(item.journey, "unchanged")
    if item.learner in before.ended and not entry.again:
        says = "the learner's journey has ended; `again` starts another one"
        return Foretold(item.journey, "refused", p.Code.ENDED, says)
    return Foretold(item.journey, "done")


def _items(program: ProgramId, state: ProgramState, learners: Iterable[LearnerId]) -> Iterable[Item]:
    for number, learner in enumerate(learners, 1):
        yield Item(number, state.journey_of(program, learner), program, learner)


def _known(entry: Entry) -> Mapping[str, Any]:
    return {"kind": "start", "sends_answers": entry.sends_answers, "rate": entry.rate, "by": entry.by}
