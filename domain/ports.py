"""What a journey asks of the world outside: to record facts, to be taken up from the log, to look for activity."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, Field

from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, StreamId
from domain.journey.state import JourneyState
from domain.kit import Kit
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


class Cause(Frozen):
    """Who or what brought facts about: kept beside each of them, for the audit (R3)."""

    order: str
    """Names the one command or timer that it was: nothing is obeyed twice under the same name."""
    command: Annotated[str, Repaired]
    by: Annotated[str, Repaired]
    rule: str | None = None


class Record(Frozen):
    """Append these facts after `expected_version`. May be asked any number of times."""

    stream: StreamId
    expected_version: int
    facts: tuple[Fact, ...]
    cause: Cause

    @property
    def append_id(self) -> str:
        return f"{self.stream}@{self.expected_version}"


class Recorded(Frozen):
    """The facts stand in the log, up to `version`; or something else stands in their place, and nothing was added."""

    version: int
    in_place: bool


class Open(Frozen):
    journey: JourneyId
    program: ProgramId
    kit: KitDigest | None = None
    """None: the newest that the program has published."""
    after: int = 0
    """The version up to which it is known what was obeyed."""


class Opening(Frozen):
    """What the log knows of a journey; of a new one, only the kit that it will follow."""

    kit: Kit
    digest: KitDigest
    """Under which the kit was published. Not told anew from its content: a newer Trellis may know more fields."""
    state: JourneyState | None = None
    version: int = 0
    orders: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """The orders that brought facts about after `Open.after`, each with the types of its events."""


class FindKit(Frozen):
    program: ProgramId
    kit: KitDigest


class KitFound(Frozen):
    kit: Kit | None
    """None: the program has published none under this digest."""


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
OPEN_JOURNEY = "open_journey"
FIND_KIT = "find_kit"
FIND_MENTOR = "find_mentor"
LOOK_FOR_ACTIVITY = "look_for_activity"
"""The names under which activities answer."""
