"""A program's enrollment, in the log: what stands, what a command would do, and what it does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain import program as p
from domain.ids import LearnerId, ProgramId
from domain.kit import Kit
from domain.refusal import Rejected
from store.database import Pool
from store.people import Person, upsert_many
from store.transact import Snapshot, given, read, transact

_PEOPLE_A_STEP = 2_000
"""Small enough that no transaction lasts: while one is open, the log's readers wait for it."""


class Enrollment:
    """Reads and changes programs. What was read once is kept, and only what is new is read again."""

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


async def say_published(pool: Pool, kit: Kit) -> None:
    """Records in the program's stream which kit new journeys follow; recorded before, nothing changes."""
    publish = p.PublishKit(kit=kit.digest, version=kit.version)
    await Enrollment(pool).handle(kit.program_id, publish, datetime.now(UTC))


Step = tuple[p.Enroll | p.Start, Sequence[Person]]
"""Learners who are given places together, with what is stored of them."""


@dataclass(slots=True)
class Tally:
    """What enrolling some learners does, or would do."""

    taken: list[LearnerId] = field(default_factory=list)
    waiting: list[LearnerId] = field(default_factory=list)
    enrolled_before: list[LearnerId] = field(default_factory=list)
    waiting_before: list[LearnerId] = field(default_factory=list)
    ended_before: list[LearnerId] = field(default_factory=list)
    """Their journeys have ended, and they are not taken in again."""

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


def foresee(state: p.ProgramState, steps: Iterable[p.Enroll | p.Start], at: datetime) -> Tally:
    """What these steps would do, one after another. Raises Rejected."""
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
    """Enrolls them step by step, each in a transaction of its own that also stores its people. `advance` is called with
    how many learners each step had. May be repeated: who is enrolled by then is passed over.

    Raises:
        Rejected: at the first step. Nothing was stored.
        Interrupted: later, as when somebody else closes the enrollment meanwhile.
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
    """The learners in their order, some at a time, each time with the command for them."""
    return [
        (command(tuple(LearnerId(one.person_id) for one in some)), some)
        for first in range(0, len(people), _PEOPLE_A_STEP)
        if (some := people[first : first + _PEOPLE_A_STEP])
    ]
