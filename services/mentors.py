"""Mentors and their profiles: add many at once, or say what that would change; and change one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.ids import MentorId, ProgramId
from domain.mentor import TOGETHER, MentorCommand, MentorEvent, MentorState, mentor_stream
from domain.mentor.adding import added
from domain.mentor.leave import CancelLeave, PlanLeave
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.profiles import Check
from domain.refusal import Rejected
from domain.values import Actor
from queries.mentor_day import Seen, midnight, sessions_between
from queries.mentors import Mentor, NoSuchMentor
from store import people
from store.database import Connection, Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import Snapshot, Transaction, read_many, transact, transact_all


@dataclass(frozen=True, slots=True)
class MentorEntry:
    """A mentor as a file has them. What it does not say stays as it is."""

    person: Person
    changes: ProfileChanges
    onboarded_on: date | None = None
    checks: tuple[Check, ...] = ()
    """Others that are recorded stay recorded."""


@dataclass(frozen=True, slots=True)
class MentorChange:
    """What a file changes for a mentor."""

    mentor: MentorId
    name: str
    is_new: bool
    """No mentor of this id was known by name."""
    person: tuple[str, ...]
    """The fields of the person that change: `name`, `email`, `time_zone`."""
    before: Snapshot[MentorState]
    events: Sequence[MentorEvent]

    @property
    def changes_nothing(self) -> bool:
        return not self.person and not self.events


class NotAddable(Exception):
    """Some entries cannot be added: what is wrong, and the remedy, by the id of the mentor. Nothing was stored."""

    def __init__(self, refused: Mapping[str, tuple[str, str]]) -> None:
        self.refused = refused
        super().__init__("\n".join(f"{mentor}: {says}; {remedy}" for mentor, (says, remedy) in refused.items()))


async def preview(pool: Pool, program: ProgramId, entries: Sequence[MentorEntry], at: datetime) -> list[MentorChange]:
    """What `store` would do, in the order of the entries, those who stay as they are included.

    Raises:
        NotAddable: with everybody whom `store` would refuse.
    """
    known = await people.by_ids(pool, [one.person.person_id for one in entries])
    refused = _learners(known)
    changes: list[MentorChange] = []
    states = await read_many(pool, [mentor_stream(MentorId(one.person.person_id)) for one in entries], TOGETHER)
    for one in entries:
        mentor = one.person.person_id
        before = states[mentor_stream(MentorId(mentor))]
        try:
            events = TOGETHER.decide(before.state, _commands(program, one), at)
        except Rejected as rejected:
            says, _, remedy = rejected.message.partition("; ")
            refused.setdefault(mentor, (says, remedy))
        else:
            changes.append(_change(one, known.get(mentor), before, events))
    if refused:
        raise NotAddable(refused)
    return changes


async def store(
    pool: Pool,
    program: ProgramId,
    entries: Sequence[MentorEntry],
    at: datetime,
    by: Actor = "ops",
    *,
    planned: Iterable[MentorChange] = (),
) -> list[MentorChange]:
    """Stores everybody or nobody. They belong to the program from then on. `planned` is what `preview` said: who has
    not changed since is not read again.

    Raises:
        NotAddable: for ids of learners.
        Rejected: when a profile is refused.
        TooManyConflicts: when others changed the same mentors again and again.
    """
    known = await people.by_ids(pool, [one.person.person_id for one in entries])
    if learners := _learners(known):
        raise NotAddable(learners)
    merged = [_merged(one.person, known.get(one.person.person_id)) for one in entries]

    async def write_people(connection: Connection) -> None:
        await people.upsert_many(connection, merged)

    commands = {mentor_stream(MentorId(one.person.person_id)): _commands(program, one, by) for one in entries}
    seen = {mentor_stream(one.mentor): one.before for one in planned}
    meta = {"by": by, "command": "AddMentors"}
    done = await transact_all(pool, TOGETHER, commands, at, meta=meta, known=seen, beside=write_people)
    return [
        _change(one, known.get(one.person.person_id), here.before, here.events)
        for one in entries
        for here in [done[mentor_stream(MentorId(one.person.person_id))]]
    ]


async def change(
    pool: Pool, commands: Sequence[MentorCommand], at: datetime, by: Actor = "ops"
) -> Transaction[MentorState, MentorEvent]:
    """Carries out commands of one mentor together. A new time zone is also kept beside their name, where it is known.

    Raises:
        NoSuchMentor: when mentors are known, and this is none of them.
        Rejected, TooManyConflicts: nothing was stored.
    """
    mentor = commands[0].mentor
    stream = mentor_stream(mentor)
    if not await people.may_be_mentor(pool, mentor) and not await EventLog(pool).version(stream):
        raise NoSuchMentor(mentor)
    zone = next((one.changes.time_zone for one in commands if isinstance(one, UpdateProfile)), None)

    async def write_zone(connection: Connection) -> None:
        if person := await people.get(connection, mentor):
            await people.upsert_many(connection, [replace(person, time_zone=zone)])

    meta = {"by": by, "command": "+".join(dict.fromkeys(type(one).__name__ for one in commands))}
    return await transact(pool, stream, TOGETHER, commands, at, meta=meta, beside=write_zone if zone else None)


@dataclass(frozen=True, slots=True)
class LeaveChange:
    done: Transaction[MentorState, MentorEvent]
    sessions: Sequence[Seen]
    """Those that lie in leave that was planned: to be moved or handed on."""


def span_of_leave(zone: ZoneInfo, begins: date, ends: date) -> tuple[datetime, datetime]:
    """The moments between which a mentor is away: a day begins at midnight on their clocks, and the last one ends at
    the midnight after it."""
    return (
        begins if isinstance(begins, datetime) else midnight(begins, zone),
        ends if isinstance(ends, datetime) else midnight(ends + timedelta(days=1), zone),
    )


async def change_leave(pool: Pool, found: Mentor, command: PlanLeave | CancelLeave, at: datetime) -> LeaveChange:
    """Raises Rejected, TooManyConflicts: nothing was stored."""
    done = await change(pool, (command,), at, command.by)
    planned = isinstance(command, PlanLeave)
    return LeaveChange(done, await sessions_between(pool, found, command.starts_at, command.ends_at) if planned else ())


def _commands(program: ProgramId, entry: MentorEntry, by: Actor = "ops") -> tuple[MentorCommand, ...]:
    mentor = MentorId(entry.person.person_id)
    return added(program, mentor, entry.changes, onboarded_on=entry.onboarded_on, checks=entry.checks, by=by)


def _learners(known: Mapping[str, Person]) -> dict[str, tuple[str, str]]:
    says = "this is the id of a learner", "give the mentor an id of their own"
    return {one.person_id: says for one in known.values() if one.kind != "mentor"}


def _merged(person: Person, known: Person | None) -> Person:
    """With the address, the time zone and the attributes that are known and that the file does not say."""
    if known is None:
        return person
    return replace(
        person,
        email=person.email or known.email,
        time_zone=person.time_zone or known.time_zone,
        attributes=known.attributes,
    )


def _change(
    entry: MentorEntry, known: Person | None, before: Snapshot[MentorState], events: Sequence[MentorEvent]
) -> MentorChange:
    person = _merged(entry.person, known)
    fields = ("name", "email", "time_zone")
    return MentorChange(
        mentor=MentorId(person.person_id),
        name=person.name,
        is_new=known is None,
        person=tuple(one for one in fields if getattr(person, one) != getattr(known, one, None)),
        before=before,
        events=events,
    )
