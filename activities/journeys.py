"""The activities of a journey: recording, loading it from the log, finding kits, mentors and recorded commands."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.ids import KitDigest, activity_stream, journey_stream
from domain.journey import EVENTS, CommandRejected, JourneyEvent, JourneyState, evolve
from domain.kit import Kit
from domain.refusal import Rejected
from domain.silences import EVENTS as EVENTS_OF_SILENCES
from domain.silences import FRESH_FOR, OthersSeen, SilencesMeasured, silences_stream
from store import kits, ledger, people
from store.codec import Codec
from store.database import Pool
from store.errors import AppendIdReused, Conflict, MissingKit, PayloadTooLarge
from store.event_log import EventLog, NewEvent, RecordedEvent
from workflows.identity import update_keys
from workflows.journey_activities import (
    FIND_ACTIVITY,
    FIND_COMMAND,
    FIND_KIT,
    FIND_MENTOR,
    LOAD_JOURNEY,
    LOAD_KIT,
    NO_SUCH_KIT,
    RECORD,
    REFUSED_BY_LOG,
    ActivityFound,
    CommandFound,
    Fact,
    FindActivity,
    FindCommand,
    FindKit,
    FindMentor,
    KitFound,
    LoadedJourney,
    LoadJourney,
    LoadKit,
    MentorFound,
    NoRoom,
    OnPathway,
    Record,
    Recorded,
    RecordedCommand,
    Refusal,
)
from workflows.pinned_kits import PinnedKit

log = structlog.get_logger()
_CODEC: Codec[JourneyEvent] = Codec(EVENTS)
_SILENCES: Codec[SilencesMeasured] = Codec(EVENTS_OF_SILENCES)


class Journeys:
    """Each activity can be repeated at any time, with the same result. Contracts: workflows/journey_activities.py."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._log = EventLog(pool)

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (
            self.record,
            self.load_journey,
            self.load_kit,
            self.find_kit,
            self.find_mentor,
            self.find_command,
            self.find_activity,
        )

    @activity.defn(name=RECORD)
    async def record(self, record: Record) -> Recorded:
        """Raises a non-retryable ApplicationError when the log will never accept these events."""
        meta = record.cause.model_dump(exclude_none=True)
        events = [_new_event(fact, meta) for fact in record.facts]
        try:
            appended = await self._log.append(record.stream, record.expected_version, record.append_id, events)
        except (Conflict, AppendIdReused) as finding:
            # Not an error: a worker died between appending and answering, or somebody reset the workflow. The workflow
            # loads the journey from the log and goes on from there.
            log.warning("stream_is_ahead_of_workflow", stream=record.stream, finding=str(finding))
            return Recorded(version=record.expected_version, in_place=False)
        except PayloadTooLarge as error:
            raise _refused_by_log(str(error)) from error
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError, asyncpg.StatementTooComplexError) as error:
            # The message of the error may contain what people wrote.
            raise _refused_by_log(f"Postgres cannot store it ({type(error).__name__})") from None
        log.info(
            "recorded",
            journey=record.stream.removeprefix("journey-"),
            version=appended.last_version,
            events=[fact.type for fact in record.facts],
            repeated=appended.repeated,
        )
        return Recorded(version=appended.last_version, in_place=True, repeated=appended.repeated)

    @activity.defn(name=LOAD_JOURNEY)
    async def load_journey(self, wanted: LoadJourney) -> LoadedJourney:
        """Raises a non-retryable ApplicationError when the program has not published the kit."""
        recorded = await self._log.read_stream(journey_stream(wanted.journey))
        if not recorded:
            return LoadedJourney(digest=await self._published(wanted))
        state, commands = _fold(recorded, wanted.after)
        if recorded[-1].version == wanted.after:
            return LoadedJourney(digest=state.kit, version=wanted.after)  # the history has the state already
        loaded = LoadedJourney(digest=state.kit, state=state, version=recorded[-1].version)
        if wanted.after:
            return loaded.model_copy(update={"commands": commands})
        own = {order: one for order, one in commands.items() if wanted.signals and order.startswith(wanted.signals)}
        return loaded.model_copy(update={"commands": own, "recorded_updates": update_keys(commands)})

    @activity.defn(name=LOAD_KIT)
    async def load_kit(self, wanted: LoadKit) -> PinnedKit:
        return PinnedKit(wanted.digest, await self.kit(wanted.digest))

    @activity.defn(name=FIND_KIT)
    async def find_kit(self, wanted: FindKit) -> KitFound:
        published = await kits.by_digest(self._pool, wanted.kit)
        found = published is not None and published.program == wanted.program
        return KitFound(digest=wanted.kit if found else None)

    @activity.defn(name=FIND_COMMAND)
    async def find_command(self, wanted: FindCommand) -> CommandFound:
        recorded = await self._log.read_stream(journey_stream(wanted.journey))
        _, commands = _fold(recorded, 0)
        return CommandFound(command=commands.get(wanted.order))

    @activity.defn(name=FIND_ACTIVITY)
    async def find_activity(self, wanted: FindActivity) -> ActivityFound:
        latest = await self._log.last_before(activity_stream(wanted.journey), wanted.until)
        others = await self._others(wanted.beside, wanted.until) if wanted.beside else None
        return ActivityFound(last_active_at=latest.occurred_at if latest else None, others=others)

    async def _others(self, beside: OnPathway, until: datetime) -> OthersSeen | None:
        latest = await self._log.last_before(silences_stream(beside.program), until)
        if latest is None or latest.occurred_at < until - FRESH_FOR:
            return None
        measured = next(iter(_SILENCES.decode_known([latest])), None)
        return measured.others(beside.pathway) if measured else None

    async def kit(self, digest: KitDigest) -> Kit:
        """The published kit. Raises a non-retryable ApplicationError when there is none under this digest."""
        try:
            return await kits.load(self._pool, digest)
        except MissingKit as error:
            raise ApplicationError(
                f"no kit {digest} is published here", type=NO_SUCH_KIT, non_retryable=True
            ) from error

    @activity.defn(name=FIND_MENTOR)
    async def find_mentor(self, wanted: FindMentor) -> MentorFound:
        """Raises what is to be retried: the ledger is not filled yet, or others were faster each time."""
        if not await people.may_be_mentor(self._pool, wanted.mentor):
            return MentorFound(known=False)
        if (place := wanted.place) is None:
            return MentorFound(known=True)
        try:
            await ledger.reserve_for_journey(
                self._pool,
                wanted.mentor,
                ledger.Wanted(
                    journey=place.journey,
                    as_of=place.version,
                    at=place.at,
                    past_capacity=place.past_capacity,
                    reason=place.reason,
                    by=place.by,
                ),
                now=place.at if place.rehearsed else None,
            )
        except Rejected as rejected:
            refusal = Refusal(code=rejected.code, data=rejected.data)
            return MentorFound(known=True, no_room=NoRoom(message=rejected.message, refusal=refusal))
        return MentorFound(known=True)

    async def _published(self, wanted: LoadJourney) -> KitDigest:
        find = kits.by_digest(self._pool, wanted.kit) if wanted.kit else kits.latest(self._pool, wanted.program)
        published = await find
        if published is None or published.program != wanted.program:
            which = f"no kit {wanted.kit}" if wanted.kit else "no kit"
            raise ApplicationError(
                f"program {wanted.program!r} has published {which}; publish one with: trellis publish FOLDER",
                type=NO_SUCH_KIT,
                non_retryable=True,
            )
        return KitDigest(published.digest)


def _refused_by_log(why: str) -> ApplicationError:
    return ApplicationError(f"the log does not accept it: {why}", type=REFUSED_BY_LOG, non_retryable=True)


def _fold(recorded: Sequence[RecordedEvent], after: int) -> tuple[JourneyState, dict[str, RecordedCommand]]:
    """The state of a stream that has events, and the answers to the commands recorded after a version."""
    state: JourneyState | None = None
    commands: dict[str, RecordedCommand] = {}
    for one, event in zip(recorded, _CODEC.decode_known(recorded), strict=True):
        state = evolve(state, event)
        if one.version > after and (order := one.meta.get("order")):
            before = commands.get(order)
            commands[order] = RecordedCommand(
                version=one.version,
                stage=state.stage,
                events=(*(before.events if before else ()), one.type),
                refusal=event.reason if isinstance(event, CommandRejected) else None,
                details=one.meta.get("refusal"),
            )
    assert state, "a stream with events has a state"
    return state, commands


def _new_event(fact: Fact, meta: dict[str, Any]) -> NewEvent:
    return NewEvent(
        event_id=fact.event_id,
        type=fact.type,
        schema_version=fact.schema_version,
        data=fact.data,
        occurred_at=fact.at,
        meta=meta,
    )
