"""Events as others get to see them: in the form of CloudEvents, in the order of their positions.

A program and a journey are added to each, and personal data is left out for whoever may not see it.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from domain.finding import findings_stream
from domain.ids import JourneyId, ProgramId, RoundId, activity_stream, journey_stream, program_of_round
from domain.personal import impersonal
from domain.quality.scores import EVENTS as SCORES
from domain.quality.scores import scores_stream, without_opinion
from domain.refusal import Rejected
from domain.survey import journey_of_request
from domain.values import Actor, Event
from queries.event_types import EVENTS, Code
from store.codec import Codec, Unknown
from store.database import Pool, query
from store.errors import NotDecodable
from store.event_log import EventLog, RecordedEvent

SOURCE: Final = "trellis"
_CODEC: Final = Codec(EVENTS)
_ACTOR: TypeAdapter[str] = TypeAdapter(Actor)
_KNOWN_STREAMS = 50_000
_WINDOW = 5_000
"""Positions that one statement looks at."""
_LOOK_SECONDS = 1.0
"""For how long a page looks for events that match before it answers with those that it has found."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: those that meet every condition that is set."""

    types: frozenset[str] | None = None
    """None: all."""
    programs: frozenset[ProgramId] | None = None
    """None: all, and events that belong to no program as well."""
    journey: JourneyId | None = None

    def takes(self, event: "FeedEvent") -> bool:
        return (
            (self.types is None or event.type in self.types)
            and (self.programs is None or event.program in self.programs)
            and (self.journey is None or event.journey == self.journey)
        )


EVERYTHING: Final = Wanted()


class FeedEvent:
    """An event of the log for others. Its two forms are made when they are first asked for, and kept."""

    def __init__(self, recorded: RecordedEvent, program: ProgramId | None, journey: JourneyId | None) -> None:
        assert recorded.position is not None, "what is read by position has one"
        self.position = recorded.position
        self.type = recorded.type
        self.stream = recorded.stream
        self.program = program
        """None: it belongs to no program, or to several."""
        self.journey = journey
        self._recorded = recorded

    @property
    def id(self) -> str:
        """The same for ever. With `source`, it tells a repeated delivery."""
        return str(self._recorded.event_id)

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return 1_000 + 3 * (len(self._recorded.body) + len(self._recorded.meta_body))

    def encoded(self, *, personal: bool) -> bytes:
        """One line of JSON, with or without personal data. Who sees that may review sessions, and does not see what
        others said of the sessions of a round."""
        return self._whole if personal else self._impersonal

    @cached_property
    def _whole(self) -> bytes:
        return _joined(self._attributes, _data(self._recorded))

    @cached_property
    def _impersonal(self) -> bytes:
        return _joined(self._attributes, _impersonal_data(self._recorded))

    @cached_property
    def _attributes(self) -> dict[str, Any]:
        one = self._recorded
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": SOURCE,
            "type": one.type,
            "subject": one.stream,
            "time": one.occurred_at,
            "recordedtime": one.recorded_at,
            "position": self.position,
            "version": one.version,
            **_present({"program": self.program, "journey": self.journey}),
            **_cause(one.meta),
            "schemaversion": _version(one),
            "datacontenttype": "application/json",
        }


def _present(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _joined(attributes: dict[str, Any], data: bytes | None) -> bytes:
    return to_json(attributes)[:-1] + (b"}" if data is None else b',"data":' + data + b"}")


def _version(recorded: RecordedEvent) -> int:
    known = EVENTS.get(recorded.type)
    return max(recorded.schema_version, known.schema_version) if known else recorded.schema_version


def _cause(meta: dict[str, Any]) -> dict[str, Any]:
    """Who or what brought it about. `by` is what the sender said; anything but an actor is left out."""
    origin = meta.get("origin") or {}
    return _present(
        {
            "by": _actor(meta.get("by")),
            "command": meta.get("command"),
            "rule": meta.get("rule"),
            "origin": origin.get("actor"),
            "channel": origin.get("channel"),
            "correlation": origin.get("correlation"),
        }
    )


def _actor(by: Any) -> str | None:
    try:
        return _ACTOR.validate_python(by)
    except ValidationError:
        return None


def _data(recorded: RecordedEvent) -> bytes:
    """In the present form of its type, or as it is stored where this release cannot read it."""
    event = _decoded(recorded) if _is_old(recorded) else None
    if recorded.type in SCORES:
        return to_json(without_opinion(recorded.type, _dumped(event) if event else recorded.data))
    return to_json(_dumped(event)) if event else recorded.body.encode()


def _impersonal_data(recorded: RecordedEvent) -> bytes | None:
    """None: this release does not know which of it is personal."""
    kind = EVENTS.get(recorded.type)
    if kind is None or recorded.schema_version > kind.schema_version:
        return None
    if not _is_old(recorded):
        return to_json(impersonal(kind, recorded.data))
    event = _decoded(recorded)
    return to_json(impersonal(kind, _dumped(event))) if event else None


def _is_old(recorded: RecordedEvent) -> bool:
    kind = EVENTS.get(recorded.type)
    return kind is not None and recorded.schema_version < kind.schema_version


def _decoded(recorded: RecordedEvent) -> Event | None:
    try:
        event = _CODEC.decode(recorded)
    except NotDecodable:
        return None
    return None if isinstance(event, Unknown) else event


def _dumped(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude={"at"})


class _Place(NamedTuple):
    """Where a stream belongs."""

    program: ProgramId | None
    journey: JourneyId | None


_NOWHERE = _Place(None, None)


@dataclass(frozen=True, slots=True)
class Page:
    events: Sequence[FeedEvent]
    next: int
    """The position up to which everything that is wanted was found. Continue after it."""
    end: bool
    """Whether this was the end of the log."""


class EventFeed:
    """Reads the log for others. It remembers to which programs streams belong, which never changes; one for a process
    is enough, and any number may use it at once.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool, self._log = pool, EventLog(pool)
        self._places: OrderedDict[str, _Place] = OrderedDict()

    async def described(self, recorded: Sequence[RecordedEvent]) -> list[FeedEvent]:
        """The same events, each with its program and its journey."""
        await self._learn(_stream_that_says(one) for one in recorded)
        return [FeedEvent(one, *self._place_of(one)) for one in recorded]

    async def require_reached(self, position: int) -> None:
        """Raises Rejected for a position beyond the end: whoever went on from there would miss events unawares."""
        if position > (head := await self._log.head()):
            raise Rejected(
                Code.POSITION_AHEAD,
                f"position {position} lies beyond the end of the log, which is {head}. It is one of another database, "
                f"or of this one before it was restored from a backup: compare what you have, and go on after {head}",
                {"head": head},
            )

    async def head(self) -> int:
        return await self._log.head()

    async def page(self, after: int, wanted: Wanted, limit: int) -> Page:
        """Up to `limit` of the events after a position. It may hold none although more follow: `end` tells.

        Raises Rejected for events that were moved to a file, rather than leave them out.
        """
        if wanted.journey is not None:
            return await self._page_of_journey(wanted.journey, after, wanted, limit)
        head, found, deadline = await self._log.head(), list[FeedEvent](), time.monotonic() + _LOOK_SECONDS
        while after < head and len(found) < limit and time.monotonic() < deadline:
            upto = await self._readable(after, min(after + _WINDOW, head))
            if upto == after:
                break
            events = await self._window(after, upto, wanted, limit)
            for event in events:
                if wanted.takes(event):
                    found.append(event)
                    if len(found) == limit:
                        return Page(found, event.position, end=event.position == head)
            after = events[-1].position if len(events) == limit else upto
        if not found:
            await self._require_readable(after)
        return Page(found, after, end=after >= head)

    async def _readable(self, after: int, upto: int) -> int:
        """Up to which of these positions the events are in the database."""
        archived = await self._pool.fetchrow(query("feed_archived"), after, upto)
        return archived["position"] - 1 if archived else upto

    async def _require_readable(self, after: int) -> None:
        """Raises Rejected."""
        if archived := await self._pool.fetchrow(query("feed_archived"), after, after + 1):
            raise Rejected(
                Code.POSITION_ARCHIVED,
                f"the events after position {after} were moved to {archived['detached_to']}; "
                f"`trellis log attach {archived['name']}` reads them back",
                {"partition": archived["name"]},
            )

    async def _window(self, after: int, upto: int, wanted: Wanted, limit: int) -> list[FeedEvent]:
        types = None if wanted.types is None else list(wanted.types)
        rows = await self._pool.fetch(query("read_feed"), after, upto, types, limit)
        return await self.described([RecordedEvent(*row) for row in rows])

    async def _page_of_journey(self, journey: JourneyId, after: int, wanted: Wanted, limit: int) -> Page:
        head = await self._log.head()  # before it is read: what is at a position up to here will be seen
        others = [row["stream"] for row in await self._pool.fetch(query("streams_about_journey"), journey)]
        beside = (activity_stream(journey), scores_stream(journey), findings_stream(journey))
        streams = [journey_stream(journey), *beside, *others]
        if incomplete := await self._pool.fetchval(query("streams_incomplete"), streams):
            raise Rejected(
                Code.POSITION_ARCHIVED,
                f"events of {incomplete} were moved to a file. `trellis log partitions` lists the files, and "
                "`trellis log attach PARTITION` reads one back",
            )
        types = None if wanted.types is None else list(wanted.types)
        rows = await self._pool.fetch(query("read_feed_of_streams"), streams, after, types, limit)
        events = await self.described([RecordedEvent(*row) for row in rows])
        whole = len(events) < limit
        upto = max(after, head, *(event.position for event in events)) if whole else events[-1].position
        return Page([event for event in events if wanted.takes(event)], upto, end=whole)

    async def _learn(self, streams: Iterable[str | None]) -> None:
        unknown = {one for one in streams if one and one not in self._places and _place_by_name(one) is None}
        if unknown:
            for stream, program, journey in await self._pool.fetch(query("streams_belonging"), list(unknown)):
                self._places[stream] = _Place(program, _journey_of(stream) or journey)
        while len(self._places) > _KNOWN_STREAMS:
            self._places.popitem(last=False)

    def _place_of(self, recorded: RecordedEvent) -> _Place:
        stream = _stream_that_says(recorded)
        if stream is None:
            return _NOWHERE
        place = _place_by_name(stream) or self._places.get(stream) or _Place(None, _journey_of(stream))
        return _Place(place.program, None) if recorded.stream.startswith("mentor-") else place


def _stream_that_says(recorded: RecordedEvent) -> str | None:
    """The stream whose beginning says to which program the event belongs. None: it belongs to none."""
    category, _, rest = recorded.stream.partition("-")
    match category:
        case "activity" | "scores" | "findings":
            return journey_stream(JourneyId(rest))
        case "mentor":
            return _stream_that_mentor_event_concerns(recorded.data)
        case "respondent":
            return journey_stream(journey_of_request(recorded.data["request"]))
        case "system":
            return None
        case _:
            return recorded.stream


def _stream_that_mentor_event_concerns(data: dict[str, Any]) -> str | None:
    """A mentor may serve several programs: what is recorded about one of them belongs to it, the rest to none."""
    if program := data.get("program"):
        return f"program-{program}"
    if journey := data.get("journey"):
        return journey_stream(journey)
    holder: str | None = data.get("holder")
    return holder


def _place_by_name(stream: str) -> _Place | None:
    category, _, rest = stream.partition("-")
    if category in {"program", "capacity", "silences"}:
        return _Place(ProgramId(rest), None)
    if category in {"monthly", "pilot"}:  # PROGRAM.MONTH and PROGRAM.NAME
        return _Place(ProgramId(rest.rpartition(".")[0]), None)
    return _Place(program_of_round(RoundId(rest)), None) if category in {"round", "proposal", "qa"} else None


def _journey_of(stream: str) -> JourneyId | None:
    return JourneyId(stream.removeprefix("journey-")) if stream.startswith("journey-") else None
