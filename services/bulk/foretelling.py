"""What would come of a command for each journey, by the same rules and what is recorded now. Nothing changes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from domain.bulk import Kind
from domain.ids import JourneyId, MentorId, journey_stream
from domain.journey import COMMANDS, JourneyCommand, JourneyState, NamedCommand, Rejected, decide, fold
from domain.journey.commands import AdoptKit, ApproveMatch, MoveToKit, OfferMatch
from domain.journey.events import MatchOffered, MentorMatched
from domain.journey.refusing import unknown_mentor
from domain.kit import Kit
from domain.mentor import MENTOR, MentorState, mentor_stream
from projections.journeys import JOURNEY_CODEC
from projections.views.board import BoardRow
from store import kits, ledger, people
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from store.transact import read

_AT_ONCE = 200
MOST_EXAMINED = 5_000
"""Of a larger selection so many are examined, evenly spread, so that a plan is made in seconds."""


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a command would do to one journey now."""

    journey: JourneyId
    becomes: Literal["done", "unchanged", "refused"]
    code: str | None = None
    says: str | None = None
    """Why it would be refused. It may be personal."""
    command: str | None = None
    mentor: MentorId | None = None


def examined(rows: Sequence[Row]) -> Sequence[Row]:
    """All, or of many some that are evenly spread."""
    if len(rows) <= MOST_EXAMINED:
        return rows
    return [rows[number * len(rows) // MOST_EXAMINED] for number in range(MOST_EXAMINED)]


class Foreteller:
    """The same for all journeys; `mentors`: another one for each, whoever of them has room."""

    def __init__(
        self, pool: Pool, kind: Kind, command: str | None, content: Mapping[str, Any], mentors: Sequence[MentorId] = ()
    ) -> None:
        self._pool, self._log, self._at = pool, EventLog(pool), datetime.now(UTC)
        self._kind, self._name, self._content = kind, command, content
        self._rooms = _Rooms(pool)
        self._mentors = list(mentors)

    async def all(self, rows: Sequence[BoardRow]) -> list[Foretold]:
        """In their order. Reads them a bounded number at a time, and lets others work in between."""
        found: list[Foretold] = []
        for first in range(0, len(rows), _AT_ONCE):
            some = rows[first : first + _AT_ONCE]
            recorded = await self._log.read_streams([journey_stream(one.journey) for one in some])
            for row in some:
                found.append(await self._one(row.journey, recorded.get(journey_stream(row.journey), [])))
                await asyncio.sleep(0)
        return found

    async def _one(self, journey: JourneyId, recorded: Sequence[RecordedEvent]) -> Foretold:
        state = fold(JOURNEY_CODEC.decode_known(recorded))
        if state is None:
            return Foretold(journey, "refused", "journey_not_started", "this journey has not started")
        kit = await kits.load(self._pool, state.kit)
        version = recorded[-1].version
        if self._kind == "reassign":
            return await self._reassigned(journey, kit, state, version)
        return await self._told(journey, kit, state, version, self._command(self._name or "", self._content))

    def _command(self, name: str, content: Mapping[str, Any]) -> NamedCommand:
        return COMMANDS[name].model_validate(content)

    async def _told(
        self, journey: JourneyId, kit: Kit, state: JourneyState, version: int, command: NamedCommand
    ) -> Foretold:
        try:
            events = decide(kit, state, await self._with_kit(state, command), self._at)
            if isinstance(command, ApproveMatch | OfferMatch) and any(
                isinstance(one, MatchOffered | MentorMatched) for one in events
            ):
                await self._rooms.reserve(journey, version, command)
        except Rejected as refusal:
            return Foretold(journey, "refused", refusal.code, refusal.message)
        return Foretold(journey, "done" if events else "unchanged")

    async def _with_kit(self, state: JourneyState, command: NamedCommand) -> JourneyCommand:
        if not isinstance(command, MoveToKit):
            return command
        published = await kits.by_digest(self._pool, command.kit)
        if published is None or published.program != state.program:
            return command
        return AdoptKit(by=command.by, digest=command.kit, content=kits.read(published), reason=command.reason)

    async def _reassigned(self, journey: JourneyId, kit: Kit, state: JourneyState, version: int) -> Foretold:
        """The first of the mentors who has room; the next journey begins with the next of them."""
        name = "offer_match" if kit.matching.asks else "approve_match"
        told: Foretold | None = None
        for mentor in self._mentors:
            command = self._command(name, {**self._content, "mentor": mentor})
            came = replace(await self._told(journey, kit, state, version, command), command=name, mentor=mentor)
            told = told if told and came.becomes == "refused" else came
            if came.becomes != "refused":
                break
        assert told, "there is at least one mentor"
        if told.becomes == "done":
            self._mentors.remove(told.mentor or self._mentors[0])
            self._mentors.append(told.mentor or self._mentors[0])
        return told


class _Rooms:
    """The places of mentors as they would be taken, one journey after the other."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._states: dict[MentorId, MentorState | None] = {}

    async def reserve(self, journey: JourneyId, version: int, command: ApproveMatch | OfferMatch) -> None:
        """Raises Rejected."""
        mentor = command.mentor
        state = await self._state(mentor)
        if state is None:
            raise unknown_mentor(mentor)
        if isinstance(command, ApproveMatch) and command.cohort:
            return
        now = datetime.now(UTC)
        wanted = ledger.Wanted(
            journey=journey,
            as_of=version,
            at=now,
            past_capacity=command.past_capacity,
            reason=command.reason if command.past_capacity else "",
            by=command.by,
        )
        for event in MENTOR.decide(state, await ledger.reservation(self._pool, mentor, wanted), now):
            state = MENTOR.evolve(state, event)
        self._states[mentor] = state

    async def _state(self, mentor: MentorId) -> MentorState | None:
        """None: nobody knows them."""
        if mentor not in self._states:
            known = await people.may_be_mentor(self._pool, mentor)
            if known:
                await ledger.catch_up(self._pool, mentor)
            found = await read(self._pool, mentor_stream(mentor), MENTOR) if known else None
            self._states[mentor] = found.state if found else None
        return self._states[mentor]
