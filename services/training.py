"""The training of a program's mentors: acknowledge a step, and show each mentor's progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from domain.ids import SLUG, KitDigest, MentorId, ProgramId
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.training import AcknowledgeTraining, Syllabus
from domain.values import Actor, Frozen
from kits.lookup import newest_published
from kits.titles import title_of
from projections.views import mentor_load
from projections.views import mentors as mentor_profiles
from projections.views.training import Acknowledgment, acknowledgments
from queries.listing import Listing
from store import kits, people
from store.database import Pool
from store.kits import PublishedKit
from store.transact import given, transact


async def syllabus(pool: Pool, program: ProgramId) -> Syllabus:
    """Raises NoSuchProgram when it has published no kit."""
    return _syllabus_of(await newest_published(pool, program))


def _syllabus_of(published: PublishedKit) -> Syllabus:
    return Syllabus(
        program=published.program,
        version=published.version,
        kit=published.digest,
        steps=kits.read(published).mentor_kit.training,
    )


class Acknowledge(Frozen):
    """What somebody reports of a mentor."""

    mentor: Annotated[MentorId, SLUG]
    program: ProgramId
    step: str
    by: Actor = "ops"


async def acknowledge(pool: Pool, said: Acknowledge, at: datetime) -> bool:
    """Checks the step against the newest kit of the program. Returns False when it was acknowledged before.

    Raises:
        NoSuchProgram: when no kit of it is published.
        Rejected: for a step that this kit does not have.
    """
    training = await syllabus(pool, said.program)
    command = AcknowledgeTraining(mentor=said.mentor, syllabus=training, step=said.step, by=said.by)
    done = await transact(pool, mentor_stream(said.mentor), MENTOR, command, at, meta=given(command))
    return bool(done.events)


@dataclass(frozen=True, slots=True)
class TrainingStep:
    step: str
    since: datetime | None
    """When it was acknowledged. None: it is open."""
    kit: KitDigest | None
    """The version of the kit at that time. Its text may differ from today's."""


@dataclass(frozen=True, slots=True)
class Trained:
    mentor: MentorId
    name: str | None
    steps: tuple[TrainingStep, ...]
    """In the order of the newest kit."""
    ready: bool
    """True when no step is open."""


@dataclass(frozen=True, slots=True)
class Standing:
    program: str
    version: str
    steps: tuple[str, ...]
    """The names of texts in the kit."""
    titles: tuple[str, ...]
    """Of the same."""
    mentors: list[Trained]


async def standing(pool: Pool, program: ProgramId) -> Standing:
    """Every mentor whom the program may use, or who was matched in it or has acknowledged a step of it; by id.

    Raises:
        NoSuchProgram: when no kit of it is published.
    """
    published = await newest_published(pool, program)
    training, kit = _syllabus_of(published), kits.read(published)
    done = {(one.mentor, one.step): one for one in await acknowledgments(pool, program)}
    names = {MentorId(one.person_id): one.name for one in await people.of_kind(pool, "mentor")}
    rows = await mentor_profiles.by_ids(pool, names)
    usable = {one for one in names if one not in rows or rows[one].may_be_used_by(program)}
    everybody = usable | await mentor_load.mentors(pool, program) | {mentor for mentor, _ in done}
    return Standing(
        program=program,
        version=training.version,
        steps=training.steps,
        titles=tuple(title_of(kit, step) for step in training.steps),
        mentors=[
            _trained(mentor, names.get(mentor), [_step(step, done.get((mentor, step))) for step in training.steps])
            for mentor in sorted(everybody)
        ],
    )


def _step(step: str, acknowledged: Acknowledgment | None) -> TrainingStep:
    if acknowledged is None:
        return TrainingStep(step, since=None, kit=None)
    return TrainingStep(step, since=acknowledged.since, kit=acknowledged.kit)


def _trained(mentor: MentorId, name: str | None, steps: Sequence[TrainingStep]) -> Trained:
    return Trained(mentor, name, tuple(steps), ready=all(one.since for one in steps))


def listing(found: Standing) -> Listing:
    return Listing(
        f"Mentor training of {found.program} {found.version}",
        ("mentor", *(f"{title} ({step})" for step, title in zip(found.steps, found.titles, strict=True))),
        [(_who(one), *(_when(step) for step in one.steps)) for one in found.mentors],
    )


def _who(one: Trained) -> str:
    return f"{one.name} ({one.mentor})" if one.name else one.mentor


def _when(step: TrainingStep) -> str:
    return f"completed {step.since:%Y-%m-%d}" if step.since else "open"
