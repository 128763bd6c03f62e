"""What a journey's workflow asks for: to record facts, to be taken up from the log, to see the latest activity."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from pydantic_core import from_json
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.ids import KitDigest, activity_stream, journey_stream
from domain.journey import EVENTS, fold
from domain.kit import Kit
from domain.ports import (
    FIND_KIT,
    FIND_MENTOR,
    LOOK_FOR_ACTIVITY,
    OPEN_JOURNEY,
    RECORD,
    ActivityFound,
    Fact,
    FindKit,
    FindMentor,
    KitFound,
    LookForActivity,
    MentorFound,
    Open,
    Opening,
    Record,
    Recorded,
)
from store import kits, people
from store.codec import Codec
from store.database import Pool
from store.errors import AppendIdReused, Conflict, PayloadTooLarge
from store.event_log import EventLog, NewEvent, RecordedEvent

log = structlog.get_logger()
_CODEC = Codec(EVENTS)


class Journeys:
    """The activities of a journey. Each may be asked again at any time, with the same result."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._log = EventLog(pool)

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.record, self.open_journey, self.find_kit, self.find_mentor, self.look_for_activity)

    @activity.defn(name=RECORD)
    async def record(self, record: Record) -> Recorded:
        """Raises ApplicationError, not to be retried, when the facts are larger than the log takes."""
        meta = record.cause.model_dump(exclude_none=True)
        events = [_new_event(fact, meta) for fact in record.facts]
        try:
            appended = await self._log.append(record.stream, record.expected_version, record.append_id, events)
        except (Conflict, AppendIdReused) as finding:
            # Not an error here: a worker that died between its append and its answer left the facts behind, or somebody
            # reset the workflow. The workflow takes the journey up from the log and goes on from what it finds there.
            log.warning("stream_is_ahead_of_workflow", stream=record.stream, finding=str(finding))
            return Recorded(version=record.expected_version, in_place=False)
        except PayloadTooLarge as error:
            raise ApplicationError(str(error), type="PayloadTooLarge", non_retryable=True) from error
        log.info(
            "recorded",
            journey=record.stream.removeprefix("journey-"),
            version=appended.last_version,
            events=[fact.type for fact in record.facts],
            repeated=appended.repeated,
        )
        return Recorded(version=appended.last_version, in_place=True)

    @activity.defn(name=OPEN_JOURNEY)
    async def open_journey(self, wanted: Open) -> Opening:
        """Raises ApplicationError, not to be retried, when the program has not published the kit."""
        recorded = await self._log.read_stream(journey_stream(wanted.journey))
        if not recorded:
            kit, digest = await self._kit(wanted)
            return Opening(kit=kit, digest=digest)
        state = fold(_CODEC.decode_known(recorded))
        assert state, "a stream with events has a state"
        kit, digest = await self._kit(wanted.model_copy(update={"kit": state.kit}))
        orders = _orders(one for one in recorded if one.version > wanted.after)
        return Opening(kit=kit, digest=digest, state=state, version=recorded[-1].version, orders=orders)

    @activity.defn(name=LOOK_FOR_ACTIVITY)
    async def look_for_activity(self, wanted: LookForActivity) -> ActivityFound:
        latest = await self._log.last_before(activity_stream(wanted.journey), wanted.until)
        return ActivityFound(last_active_at=latest.occurred_at if latest else None)

    @activity.defn(name=FIND_KIT)
    async def find_kit(self, wanted: FindKit) -> KitFound:
        published = await kits.by_digest(self._pool, wanted.kit)
        of_program = published if published and published.program == wanted.program else None
        return KitFound(kit=_rules(of_program) if of_program else None)

    @activity.defn(name=FIND_MENTOR)
    async def find_mentor(self, wanted: FindMentor) -> MentorFound:
        return MentorFound(known=await people.may_be_mentor(self._pool, wanted.mentor))

    async def _kit(self, wanted: Open) -> tuple[Kit, KitDigest]:
        find = kits.by_digest(self._pool, wanted.kit) if wanted.kit else kits.latest(self._pool, wanted.program)
        published = await find
        if published is None or published.program != wanted.program:
            which = f"no kit {wanted.kit}" if wanted.kit else "no kit"
            raise ApplicationError(
                f"program {wanted.program!r} has published {which}; publish one with: trellis publish FOLDER",
                type="NoSuchKit",
                non_retryable=True,
            )
        return _rules(published), KitDigest(published.digest)


def _rules(published: kits.PublishedKit) -> Kit:
    """What a journey runs by. The texts stay here: they would travel through every run of every workflow."""
    return Kit.model_validate({**from_json(published.body), "texts": {}})


def _orders(recorded: Iterable[RecordedEvent]) -> dict[str, tuple[str, ...]]:
    orders: dict[str, tuple[str, ...]] = {}
    for one in recorded:
        if order := one.meta.get("order"):
            orders[order] = (*orders.get(order, ()), one.type)
    return orders


def _new_event(fact: Fact, meta: dict[str, Any]) -> NewEvent:
    return NewEvent(
        event_id=fact.event_id,
        type=fact.type,
        schema_version=fact.schema_version,
        data=fact.data,
        occurred_at=fact.at,
        meta=meta,
    )
