"""The contracts of a journey's activities: names, inputs and results. activities/journeys.py implements them.

They are stored in histories: a name never changes, and a field is only ever added, with a default.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, Field, SerializerFunctionWrapHandler, model_serializer

from domain.ids import JourneyId, KitDigest, MentorId, PathwayId, ProgramId, StreamId
from domain.journey.stored import StoredState
from domain.journey.terms import Stage
from domain.kit.stored import StoredKit
from domain.origin import Origin
from domain.silences import OthersSeen
from domain.values import Event, Frozen, Personal, Repaired, is_false, is_none


class Fact(Frozen):
    """An event in its stored form."""

    event_id: UUID
    type: str
    schema_version: int
    at: AwareDatetime
    data: dict[str, Any]


def facts(stream: StreamId, version: int, events: Sequence[Event]) -> tuple[Fact, ...]:
    """The stored form of events that follow `version` in a stream. Ids derive from stream and version, so that retries
    are identical."""
    return tuple(
        Fact(
            event_id=uuid5(NAMESPACE_URL, f"trellis:{stream}@{position}"),
            type=event.type,
            schema_version=event.schema_version,
            at=event.at,
            data=event.model_dump(mode="json", exclude={"at"}),
        )
        for position, event in enumerate(events, start=version + 1)
    )


class Refusal(Frozen):
    """What a refusal says to programs: a code, and the values that belong to it. See domain/refusal.py."""

    code: str
    data: Mapping[str, Any]


class Cause(Frozen):
    """Who or what caused events: kept beside each of them, for the audit (R3)."""

    order: str
    """The identity of the command or timer (workflows/identity.py), under which it is recorded at most once."""
    command: Annotated[str, Repaired]
    by: Annotated[str, Repaired]
    rule: str | None = None
    refusal: Refusal | None = None
    """Only for a command that was refused."""
    origin: Origin | None = Field(default=None, exclude_if=is_none)
    """Where the command came in, as far as that is known."""


class Record(Frozen):
    """Append these events after `expected_version`. Can be repeated any number of times."""

    stream: StreamId
    expected_version: int
    facts: tuple[Fact, ...]
    cause: Cause

    @property
    def append_id(self) -> str:
        """Contains the identity of the command. Otherwise, of two commands that are decided at the same version with
        equal events, the second would be acknowledged with the record of the first instead of finding a conflict."""
        return f"{self.stream}@{self.expected_version}:{self.cause.order}"


class Recorded(Frozen):
    """The events are in the log, up to `version`; or others are there in their place, and nothing was appended."""

    version: int
    in_place: bool = True
    repeated: bool = False
    """An earlier call had recorded them."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keeps histories small: every step of a journey has one of these."""
        content: dict[str, Any] = handler(self)
        return {name: value for name, value in content.items() if value != type(self).model_fields[name].default}


class RecordedCommand(Frozen):
    """What is recorded of one command."""

    version: int
    """Of the stream, after the command's last event."""
    stage: Stage
    """Of the journey, at that version."""
    events: tuple[str, ...] = ()
    """Their stored types."""
    refusal: str | None = None
    """The recorded reason, when the command was refused."""
    details: Refusal | None = None
    """The recorded code and data; None also for what earlier releases refused."""


class LoadJourney(Frozen):
    journey: JourneyId
    program: ProgramId
    kit: KitDigest | None = None
    """None: the newest that the program has published."""
    after: int = 0
    """The version that the workflow has reached. 0: it has just started."""
    signals: str = ""
    """The prefix of the identities of signals that this workflow may have received (workflows/identity.py)."""


class LoadedJourney(Frozen):
    """What is recorded of a journey. For a new one, only the kit that it will follow."""

    kit: StoredKit | None = None
    """Only in histories of releases that put kits into them: see `digest`."""
    digest: KitDigest
    """Under which the kit was published. Never computed from its content: a newer Trellis may know more fields."""
    state: StoredState | None = None
    """None: nothing is recorded, or nothing after `LoadJourney.after`."""
    version: int = 0
    commands: Mapping[str, RecordedCommand] = Field(default_factory=dict)
    """The commands recorded after `LoadJourney.after`, by identity. For a workflow that has just started: only signals
    that it received itself, in an attempt of a workflow task that was lost."""
    recorded_updates: tuple[str, ...] = ()
    """For a workflow that has just started: short keys of all updates that are recorded (workflows/identity.py)."""
    orders: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Only in histories of earlier releases: what `commands` is today, with the types of events alone."""


class LoadKit(Frozen):
    """The result is the kit itself, as a `PinnedKit` (workflows/pinned_kits.py)."""

    digest: KitDigest


class FindKit(Frozen):
    program: ProgramId
    kit: KitDigest


class KitFound(Frozen):
    kit: StoredKit | None = None
    """Only in histories of releases that put kits into them."""
    digest: KitDigest | None = None
    """None: the program has not published it."""


class FindCommand(Frozen):
    """Find a command that an earlier run may have recorded."""

    journey: JourneyId
    order: str


class CommandFound(Frozen):
    command: RecordedCommand | None


class PlaceWanted(Frozen):
    """Keep a place with the mentor for what the journey is about to record."""

    journey: JourneyId
    version: int
    """Of the journey's stream, on which it is decided."""
    at: AwareDatetime
    """When it is decided, by the clock of the journey."""
    by: str
    past_capacity: bool = False
    reason: Personal = ""
    rehearsed: bool = Field(default=False, exclude_if=is_false)
    """The ledger then bears the dates of the scenario as well."""


class FindMentor(Frozen):
    mentor: MentorId
    place: PlaceWanted | None = None
    """None: the command is refused anyway, or changes nothing; or it came from a release without a ledger."""


class NoRoom(Frozen):
    """The mentor is known, and has no place for this learner."""

    message: str
    refusal: Refusal


class MentorFound(Frozen):
    known: bool
    """False: mentors are registered, and this is none of them. Where none is registered, people are managed elsewhere,
    and any id is accepted."""
    no_room: NoRoom | None = None
    """None: the place is kept."""


class OnPathway(Frozen):
    program: ProgramId
    pathway: PathwayId


class FindActivity(Frozen):
    journey: JourneyId
    until: AwareDatetime
    beside: OnPathway | None = Field(default=None, exclude_if=is_none)
    """Also find how long the others there have been quiet."""


class ActivityFound(Frozen):
    last_active_at: AwareDatetime | None
    others: OthersSeen | None = None
    """None also if too few are there, or nobody has measured lately."""


RECORD = "record"
LOAD_JOURNEY = "open_journey"
LOAD_KIT = "load_kit"
FIND_KIT = "find_kit"
FIND_COMMAND = "find_command"
FIND_MENTOR = "find_mentor"
FIND_ACTIVITY = "look_for_activity"
"""The names of the activities."""

NO_SUCH_KIT = "NoSuchKit"
REFUSED_BY_LOG = "RefusedByLog"
"""Types of application errors that are not retried."""
