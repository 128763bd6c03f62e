"""The enrollment of programs: read its state, preview commands, carry them out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain import program as p
from domain.ids import LearnerId, ProgramId
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Actor
from store.database import Pool
from store.people import Person, upsert_many
from store.transact import Snapshot, given, read, transact

_PEOPLE_A_STEP = 2_000
"""Small enough to keep each transaction short: readers of the log wait for open ones."""


class Enrollment:
    """Reads and changes programs. Keeps each state that was read, and reads only newer events after that."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[ProgramId, Snapshot[p.ProgramState]] = {}

    async def state(self, program: ProgramId) -> p.ProgramState:
        self._known[program] = await read(self._pool, p.program_stream(program), p.PROGRAM, self._known.get(program))
        return self._known[program].state

    async def handle(
        self, program: ProgramId, command: p.Command, at: datetime, people: Sequence[Person] = ()
    ) -> Sequence[p.ProgramEvent]:
        """Carries out a command and returns its events. The people are stored in the same transaction.

        Raises:
            Rejected: when the state of the program does not allow it. Nothing was stored.
        """
        done = await transact(
            self._pool,
            p.program_stream(program),
            p.PROGRAM,
            command,
            at,
            meta=given(command),
            known=self._known.get(program),
            beside=(lambda connection: upsert_many(connection, people)) if people else None,
        )
        self._known[program] = done.after
        return done.events

    async def state_after(self, program: ProgramId, command: p.Command, at: datetime) -> p.ProgramState:
        """Carries out a command and returns the state that it leaves. Raises Rejected."""
        stream = p.program_stream(program)
        known = self._known.get(program)
        done = await transact(self._pool, stream, p.PROGRAM, command, at, meta=given(command), known=known)
        self._known[program] = done.after
        return done.after.state


async def record_published(pool: Pool, kit: Kit, by: Actor = "ops") -> None:
    """Records in the program's stream which kit new journeys follow. Recording it twice changes nothing."""
    publish = p.PublishKit(kit=kit.digest, version=kit.version, by=by)
    await Enrollment(pool).handle(kit.program_id, publish, datetime.now(UTC))


Step = tuple[p.Enroll | p.Start, Sequence[Person]]
"""Learners who get places together, and the personal data to store with them."""


@dataclass(slots=True)
class Tally:
    """The result of enrolling learners, or the preview of it."""

    taken: list[LearnerId] = field(default_factory=list)
    waiting: list[LearnerId] = field(default_factory=list)
    enrolled_before: list[LearnerId] = field(default_factory=list)
    waiting_before: list[LearnerId] = field(default_factory=list)
    ended_before: list[LearnerId] = field(default_factory=list)
    """Their journeys have ended, and they are not enrolled again."""

    def add(self, before: p.ProgramState, step: p.Enroll | p.Start, events: Iterable[p.ProgramEvent]) -> None:
        for event in events:
            if isinstance(event, p.LearnersEnrolled):
                self.taken += event.learners
            elif isinstance(event, p.LearnersWaitlisted):
                self.waiting += event.learners
        self.enrolled_before += (one for one in step.learners if one in before.enrolled)
        waiting = frozenset(before.waiting)
        self.waiting_before += (one for one in step.learners if one in waiting)
        new = before.enrolled | waiting
        self.ended_before += (one for one in step.learners if not step.again and one in before.ended - new)


class Interrupted(Rejected):
    """The rest of a file was refused; the learners of the steps before it, `enrolled` in number, are enrolled."""


def preview(state: p.ProgramState, steps: Iterable[p.Enroll | p.Start], at: datetime) -> Tally:
    """The result that these steps would have, one after another. Raises Rejected."""
    tally = Tally()
    for step in steps:
        events = p.decide(state, step, at)
        tally.add(state, step, events)
        state = p.fold(events, state)
    return tally


async def enroll_people(
    enrollment: Enrollment,
    program: ProgramId,
    steps: Sequence[Step],
    advance: Callable[[int], None],
) -> Tally:
    """Enrolls learners step by step. Each step is a transaction that also stores its people. `advance` is called with
    the number of learners in each step. Safe to repeat: learners who are enrolled by then are skipped.

    Raises:
        Rejected: at the first step. Nothing was stored.
        Interrupted: at a later step, for instance when somebody else has closed the enrollment meanwhile.
    """
    tally, done = Tally(), 0
    for step, people in steps:
        before = await enrollment.state(program)
        try:
            events = await enrollment.handle(program, step, datetime.now(UTC), people)
        except Rejected as refusal:
            if not done:
                raise
            total = sum(len(each.learners) for each, _ in steps)
            raise Interrupted(
                refusal.code,
                f"{refusal}. The first {done:,} of {total:,} had been enrolled by then",
                {**refusal.data, "enrolled": done},
            ) from refusal
        tally.add(before, step, events)
        done += len(step.learners)
        advance(len(step.learners))
    return tally


def steps_of(people: Sequence[Person], command: Callable[[tuple[LearnerId, ...]], p.Enroll | p.Start]) -> list[Step]:
    """Splits the learners into steps, in their order, each with its command."""
    return [
        (command(tuple(LearnerId(one.person_id) for one in some)), some)
        for first in range(0, len(people), _PEOPLE_A_STEP)
        if (some := people[first : first + _PEOPLE_A_STEP])
    ]
