"""Programs, and the versions of their kits: what they say, publishing them, and what moving journeys would mean."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from domain.ids import JourneyId, ProgramId, Slug
from domain.kit import KIT_FILE, Kit, Milestone, Promise, Question, Session
from interfaces.http.access import Denied, Operator, Reader, require_program
from interfaces.http.v1.orders import AnyOrder, Order, giver
from interfaces.http.v1.uploads import KitFiles, read_files
from kits.diff import Difference, differences
from kits.guides import Guide, find, guides
from kits.loading import KitError
from kits.lookup import newest_published, of_program
from kits.problems import Finding
from projections.views import board
from services import moving_kits, publishing
from services.moving_kits import Candidate
from store import kits
from store.database import Pool
from store.kits import KitVersion, PublishedKit

MOVED_AT_MOST = 1_000
"""Journeys whose move is previewed at a time. A bulk action goes through any number of them."""

_Version = Annotated[
    str | None, Query(max_length=200, description="A version or its digest. Default: the current one.")
]


@dataclass(frozen=True, slots=True)
class ProgramRow:
    program: str
    title: str
    version: str
    """The version of its kit that new journeys follow."""
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Program:
    program: str
    title: str
    version: str
    digest: str
    published_at: datetime
    starts_at: datetime | None
    """Of programs with a fixed term."""
    promise: Promise
    mentor_criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    version: str
    digest: str
    published_at: datetime
    current: bool
    """New journeys follow this one."""


@dataclass(frozen=True, slots=True)
class SessionsOfPathway:
    pathway: str
    title: str
    mentor_type: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class MilestonesOfPathway:
    pathway: str
    title: str
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True)
class GuideRow:
    name: str
    title: str
    kind: str
    used: str
    """For whom it is, and when."""


@dataclass(frozen=True, slots=True)
class Diff:
    old: str
    """The digest."""
    new: str
    differences: list[Difference]
    """Empty if both versions run every journey in the same way."""


@dataclass(frozen=True, slots=True)
class KitName:
    program: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Checked:
    passed: bool
    """The kit can be published."""
    kit: KitName | None
    problems: list[Finding]


class KitToPublish(KitFiles, Order):
    pass


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    program: str
    version: str
    digest: str
    new: bool
    """False: it was published before, and nothing changed."""
    current: str
    """The version that new journeys follow now."""
    warnings: list[Finding]


@dataclass(frozen=True, slots=True)
class CurrentVersion:
    program: str
    version: str
    digest: str
    before: str
    """The version that was current before."""
    changed: bool


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What moving open journeys to a version would mean at this moment."""

    program: str
    version: str
    digest: str
    as_of: datetime
    moves: int
    stays: int
    """These follow the version already."""
    cannot: int
    journeys: list[Candidate]


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["programs"])

    @routes.get("/programs")
    async def list_programs(caller: Reader) -> list[ProgramRow]:
        """Programs with a published kit, by id."""
        return [_row(one) for one in await kits.programs(pool) if caller.may_use(one.program)]

    @routes.get("/programs/{program}")
    async def get_program(program: ProgramId, caller: Reader) -> Program:
        """What a program promises, and the version of its kit that new journeys follow."""
        require_program(caller, program)
        return _program(await newest_published(pool, program))

    @routes.get("/programs/{program}/versions")
    async def list_versions(
        program: ProgramId, caller: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> list[Version]:
        """The published versions of a program's kit, the one published last first."""
        require_program(caller, program)
        current = await newest_published(pool, program)
        return [_version(one, current) for one in await kits.versions(pool, program, limit)]

    @routes.get("/programs/{program}/versions/{version}/files")
    async def get_version_files(program: ProgramId, version: str, caller: Reader) -> KitFiles:
        """The files of a published kit, as they were handed in: `check_kit` and `publish_version` take the same."""
        require_program(caller, program)
        kit = kits.read(await of_program(pool, program, version))
        return KitFiles.model_construct(files={KIT_FILE: "", **kit.texts})

    @routes.get("/programs/{program}/intake")
    async def list_intake_questions(program: ProgramId, caller: Reader, version: _Version = None) -> list[Question]:
        """The questions of a program's intake, in their order."""
        return list((await _kit(program, caller, version)).intake.questions)

    @routes.get("/programs/{program}/sessions")
    async def list_program_sessions(
        program: ProgramId, caller: Reader, version: _Version = None
    ) -> list[SessionsOfPathway]:
        """The sessions of each pathway."""
        kit = await _kit(program, caller, version)
        return [SessionsOfPathway(one.id, one.title, one.mentor_type, one.sessions) for one in kit.pathways]

    @routes.get("/programs/{program}/milestones")
    async def list_program_milestones(
        program: ProgramId, caller: Reader, version: _Version = None
    ) -> list[MilestonesOfPathway]:
        """The milestones of each pathway."""
        kit = await _kit(program, caller, version)
        return [MilestonesOfPathway(one.id, one.title, one.milestones) for one in kit.pathways]

    @routes.get("/programs/{program}/guides")
    async def list_guides(program: ProgramId, caller: Reader, version: _Version = None) -> list[GuideRow]:
        """The guides, checklists and forms of a program, and for whom each one is."""
        found = guides(await _kit(program, caller, version))
        return [GuideRow(one.name, one.title, one.kind, one.used) for one in found]

    @routes.get("/programs/{program}/guides/{name:path}")
    async def get_guide(program: ProgramId, name: str, caller: Reader, version: _Version = None) -> Guide:
        """A guide, a checklist or a form, by its name or the end of its name."""
        return find(await _kit(program, caller, version), name)

    @routes.get("/programs/{program}/diff")
    async def diff_versions(
        program: ProgramId,
        caller: Reader,
        old: Annotated[str, Query(max_length=200, description="A version or its digest.")],
        new: _Version = None,
    ) -> Diff:
        """What changes, and for whom, between two published versions."""
        require_program(caller, program)
        before, after = await of_program(pool, program, old), await _published(program, new)
        return Diff(before.digest, after.digest, differences(kits.read(before), kits.read(after)))

    @routes.post("/kits/check")
    async def check_kit(given: KitFiles, caller: Reader) -> Checked:  # noqa: ARG001
        """Check the files of a kit: every problem with its file, line and remedy. Nothing is stored."""
        try:
            found = await read_files(given)
        except KitError as error:
            return Checked(False, None, [*map(Finding.of, error.problems)])
        kit = found.kit
        return Checked(True, KitName(kit.program, kit.version, kit.digest), [*map(Finding.of, found.warnings)])

    @routes.post("/programs/{program}/versions", responses={201: {"model": PublishedVersion, "description": "New"}})
    async def publish_version(
        program: Slug, given: KitToPublish, caller: Operator, response: Response
    ) -> PublishedVersion:
        """Publish a version of a program's kit. New journeys follow it from then on.

        201: it is new. 200: the same content was published before, and nothing changed. 409: this version was published
        with other content.
        """
        require_program(caller, ProgramId(program))
        found = await read_files(given)
        kit = found.kit
        if kit.program != program:
            says = f"The kit is of the program {kit.program!r}; publish it there, or correct `program` in {KIT_FILE}."
            raise Denied(422, "kit_of_another_program", says)
        done = await publishing.publish(pool, kit, giver(caller, given.by))
        response.status_code = 201 if done.new else 200
        warnings = [*map(Finding.of, found.warnings)]
        return PublishedVersion(program, kit.version, kit.digest, done.new, done.current, warnings)

    @routes.post("/programs/{program}/versions/{version}/use")
    async def use_version(program: ProgramId, version: str, caller: Operator, order: AnyOrder) -> CurrentVersion:
        """Let new journeys follow this version. Journeys that have started keep theirs."""
        require_program(caller, program)
        done = await publishing.use(pool, program, version, giver(caller, order.by))
        return CurrentVersion(program, done.now.version, done.now.digest, done.before.version, done.changed)

    @routes.get("/programs/{program}/versions/{version}/move")
    async def preview_move(
        program: ProgramId,
        version: str,
        caller: Operator,
        journey: Annotated[
            list[JourneyId] | None, Query(max_length=100, description="These only. Default: all open journeys.")
        ] = None,
    ) -> MovePreview:
        """What moving open journeys to this version would mean for each of them. Nothing is changed."""
        require_program(caller, program)
        to = await of_program(pool, program, version)
        if not journey:
            await _require_few(program)
        return _preview(await moving_kits.plan(pool, program, to, journey or ()))

    async def _kit(program: ProgramId, caller: Reader, version: str | None) -> Kit:
        require_program(caller, program)
        return kits.read(await _published(program, version))

    async def _published(program: ProgramId, version: str | None) -> PublishedKit:
        current = await newest_published(pool, program)
        return await of_program(pool, program, version) if version else current

    async def _require_few(program: ProgramId) -> None:
        counts = [one for one in await board.counts(pool) if one.program == program and one.stage != "closed"]
        many = sum(one.journeys for one in counts)
        if many > MOVED_AT_MOST:
            says = f"{many:,} journeys are open, and at most {MOVED_AT_MOST:,} are previewed here; name some of them"
            raise Denied(422, "too_many_journeys", f"{says}, or make a dry run of a bulk action.")

    return routes


def _row(one: PublishedKit) -> ProgramRow:
    return ProgramRow(one.program, kits.read(one).title, one.version, one.digest, one.published_at)


def _program(one: PublishedKit) -> Program:
    kit = kits.read(one)
    return Program(
        one.program,
        kit.title,
        one.version,
        one.digest,
        one.published_at,
        kit.starts_at,
        kit.promise,
        kit.mentor_criteria,
    )


def _version(one: KitVersion, current: PublishedKit) -> Version:
    return Version(one.version, one.digest, one.published_at, one.digest == current.digest)


def _preview(planned: moving_kits.Plan) -> MovePreview:
    counts = {which: sum(one.becomes == which for one in planned.candidates) for which in ("moves", "stays", "cannot")}
    to = planned.to
    return MovePreview(
        planned.program,
        to.version,
        to.digest,
        planned.as_of,
        **counts,
        journeys=list(planned.candidates),
    )
