"""What a journey's workflow asks of activities: to record facts, to load the journey and its kit, to look things up."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, Field, SerializerFunctionWrapHandler, model_serializer

from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, StreamId
from domain.journey.state import Stage
from domain.journey.stored import StoredState
from domain.kit.stored import StoredKit
from domain.values import Event, Frozen, Repaired


class Fact(Frozen):
    """An event as it is stored: what it says, without the type that says it in Python."""

    event_id: UUID
    type: str
    schema_version: int
    at: AwareDatetime
    data: dict[str, Any]


def facts(stream: StreamId, version: int, events: Sequence[Event]) -> tuple[Fact, ...]:
    """The facts that stand in a stream after `version`. Their ids follow from their places: a repeat has the same."""
    return tuple(
        Fact(
            event_id=uuid5(NAMESPACE_URL, f"trellis:{stream}@{place}"),
            type=event.type,
            schema_version=event.schema_version,
            at=event.at,
            data=event.model_dump(mode="json", exclude={"at"}),
        )
        for place, event in enumerate(events, start=version + 1)
    )


class Refusal(Frozen):
    """What a refusal says to programs: a code, and the values that belong to it. See domain/refusal.py."""

    code: str
    data: Mapping[str, Any]


class Cause(Frozen):
    """Who or what brought facts about: kept beside each of them, for the audit (R3)."""

    order: str
    """The identity of the one command or timer that it was; see workflows/identity.py. No command is recorded twice
    under the same identity."""
    command: Annotated[str, Repaired]
    by: Annotated[str, Repaired]
    rule: str | None = None
    refusal: Refusal | None = None
    """Only of a command that was refused."""


class Record(Frozen):
    """Append these facts after `expected_version`. May be asked any number of times."""

    stream: StreamId
    expected_version: int
    facts: tuple[Fact, ...]
    cause: Cause

    @property
    def append_id(self) -> str:
        """Of two commands that are decided at one version with equal results, only one may take the place: the other
        must find a conflict there, or it would be acknowledged by a record that is not its own."""
        return f"{self.stream}@{self.expected_version}:{self.cause.order}"


class Recorded(Frozen):
    """The facts stand in the log, up to `version`; or something else stands in their place, and nothing was added."""

    version: int
    in_place: bool = True
    repeated: bool = False
    """They had been recorded by an earlier call."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Every step of a journey has one of these in its history."""
        content: dict[str, Any] = handler(self)
        return {name: value for name, value in content.items() if value != type(self).model_fields[name].default}


class RecordedCommand(Frozen):
    """What the log holds of one command."""

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
    """The version that the workflow has reached. 0: it has just begun."""
    signals: str = ""
    """How the identities of the signals begin that this workflow may have received: see workflows/identity.py."""


class LoadedJourney(Frozen):
    """What the log knows of a journey; of a new one, only the kit that it will follow."""

    kit: StoredKit | None = None
    """Only in histories of releases that carried kits in them: see `digest`."""
    digest: KitDigest
    """Under which the kit was published. Never computed from its content: a newer Trellis may know more fields."""
    state: StoredState | None = None
    """None: the log has none, or nothing beyond `LoadJourney.after`."""
    version: int = 0
    commands: Mapping[str, RecordedCommand] = Field(default_factory=dict)
    """The commands recorded after `LoadJourney.after`, by identity. For a workflow that has just begun: only signals
    that it has received itself, in an attempt of a workflow task that was lost."""
    recorded_updates: tuple[str, ...] = ()
    """For a workflow that has just begun: short keys of all updates that are recorded (workflows/identity.py)."""
    orders: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Only in histories of earlier releases: what `commands` is today, with types of events alone."""


class LoadKit(Frozen):
    """Answered with the kit itself, which travels as its digest: see workflows/pinned_kits.py."""

    digest: KitDigest


class FindKit(Frozen):
    program: ProgramId
    kit: KitDigest


class KitFound(Frozen):
    kit: StoredKit | None = None
    """Only in histories of releases that carried kits in them."""
    digest: KitDigest | None = None
    """None: the program has published none under this digest."""


class FindCommand(Frozen):
    """Looks for a command that an earlier run may have recorded."""

    journey: JourneyId
    order: str


class CommandFound(Frozen):
    command: RecordedCommand | None


class FindMentor(Frozen):
    mentor: MentorId


class MentorFound(Frozen):
    known: bool
    """False: mentors are known, and this is none of them. Where none is known, people are kept elsewhere, and any id
    may be a mentor's."""


class LookForActivity(Frozen):
    journey: JourneyId
    until: AwareDatetime


class ActivityFound(Frozen):
    last_active_at: AwareDatetime | None


RECORD = "record"
LOAD_JOURNEY = "open_journey"
LOAD_KIT = "load_kit"
FIND_KIT = "find_kit"
FIND_COMMAND = "find_command"
FIND_MENTOR = "find_mentor"
LOOK_FOR_ACTIVITY = "look_for_activity"
"""The names under which activities answer. They stand in histories and never change."""

NO_SUCH_KIT = "NoSuchKit"
REFUSED_BY_LOG = "RefusedByLog"
"""Types of application errors that asking again does not mend."""
