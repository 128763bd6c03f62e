"""What changed in a program, from its stream: the versions that new journeys followed, and what else was decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import program as p
from domain.ids import KitDigest, ProgramId
from domain.monthly_review.document import Happening
from domain.values import counted, together
from domain.words import plain
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.kits import KitVersion

_PROGRAM = Codec(p.EVENTS)
_WANTED = (p.KitPublished, p.EnrollmentOpened, p.EnrollmentClosed, p.GrowthGateOverridden)
_KINDS = frozenset(one.type for one in _WANTED)


@dataclass(frozen=True, slots=True)
class Decided:
    """An event of the program that a person decided, with who it was."""

    event: p.ProgramEvent
    by: str


@dataclass(frozen=True, slots=True)
class Switch:
    """New journeys follow another version from then on."""

    at: datetime
    before: p.KitPublished | None
    now: p.KitPublished
    by: str

    @property
    def kit_before(self) -> KitDigest | None:
        return self.before.kit if self.before else None


async def decided(pool: Pool, program: ProgramId) -> list[Decided]:
    """In the order of the log. Not with those about single learners, of whom there may be many."""
    recorded = await EventLog(pool).read_stream(p.program_stream(program))
    wanted = [one for one in recorded if one.type in _KINDS]
    events = _PROGRAM.decode_known(wanted)
    return [Decided(event, str(one.meta.get("by", "ops"))) for event, one in zip(events, wanted, strict=True)]


def switches(those: Sequence[Decided], published: Sequence[KitVersion]) -> Iterator[Switch]:
    """Every change of the version, the first publication among them. `published`: all versions; the first of them may
    have been published before the program had a stream."""
    before: p.KitPublished | None = None
    for one in those:
        if isinstance(one.event, p.KitPublished):
            yield Switch(one.event.at, before or _earlier(one.event, published), one.event, one.by)
            before = one.event


def _earlier(now: p.KitPublished, published: Sequence[KitVersion]) -> p.KitPublished | None:
    found = [one for one in published if one.published_at < now.at and one.digest != now.kit]
    latest = max(found, key=lambda one: one.published_at, default=None)
    if latest is None:
        return None
    return p.KitPublished(at=latest.published_at, kit=KitDigest(latest.digest), version=latest.version)


def happenings(those: Sequence[Decided]) -> Iterator[Happening]:
    """What else was decided, in words without personal data: why somebody did it is left out."""
    for one in those:
        match one.event:
            case p.EnrollmentOpened(places=None):
                yield Happening(at=one.event.at, what=f"Enrollment opened without a limit, by {one.by}")
            case p.EnrollmentOpened():
                places = counted(one.event.places or 0, "place")
                yield Happening(at=one.event.at, what=f"Enrollment opened for {places}, by {one.by}")
            case p.EnrollmentClosed():
                yield Happening(at=one.event.at, what=f"Enrollment closed, by {one.by}")
            case p.GrowthGateOverridden():
                unmet = together(plain(rule) for rule in one.event.unmet)
                what = f"Opened although the program was not ready to grow ({unmet}), by {one.by}"
                yield Happening(at=one.event.at, what=what)
            case _:
                pass
