"""A plan: the journeys that were selected, what would come of it for each, and the digest that confirms it.

Nothing is done until somebody confirms it, and then for the journeys of the plan, whatever a filter would find by then.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, assert_never
from uuid import uuid4

from pydantic import Field, ValidationError
from pydantic_core import from_json, to_json

from channels.rendering import problems
from domain.bulk import BULK, Code, Kind, PlanBulk
from domain.bulk.decide import PLAN_KEPT
from domain.bulk.events import FASTEST, SLOWEST, BulkPlanned
from domain.ids import SLUG, BulkId, JourneyId, LearnerId, MentorId, ProgramId, bulk_stream
from domain.journey import COMMANDS
from domain.journey.refusing import Code as JourneyCode
from domain.refusal import Rejected
from domain.values import Actor, Frozen, Personal
from kits.lookup import NoSuchKit, of_program
from projections.views.board import BoardRow
from services.bulk.foretelling import Foreteller, Foretold, examined
from services.bulk.selecting import BulkFilter, select
from store import bulk as selections
from store.bulk import Item
from store.database import Connection, Pool
from store.errors import misfits
from store.transact import given, transact
from workflows.refusals import Code as CommandCode

USUAL_RATE = 20.0
MOST_SAMPLED = 10


# What can be done to many journeys


class SendToAll(Frozen):
    """The same command for every journey."""

    action: Literal["command"]
    command: str
    fields: Mapping[str, Any] = {}


class WriteToAll(Frozen):
    """A message to the learner or the mentor of every journey."""

    action: Literal["message"]
    to: Literal["learner", "mentor"] = "learner"
    subject: Annotated[Personal, Field(min_length=1, max_length=200)]
    text: Annotated[Personal, Field(min_length=1)]


class ReassignAll(Frozen):
    """Another mentor for every journey: the first of these who has room, one after the other."""

    action: Literal["reassign"]
    to: Annotated[tuple[Annotated[MentorId, SLUG], ...], Field(min_length=1, max_length=100)]
    reason: Annotated[Personal, Field(min_length=1)]


class MoveAllToKit(Frozen):
    """Another version of the kit for every journey. The filter names the program."""

    action: Literal["move_to_kit"]
    to: Annotated[str, Field(min_length=1, max_length=120, description="The version, or its digest.")]
    reason: Annotated[Personal, Field(min_length=1)]


Action = Annotated[SendToAll | WriteToAll | ReassignAll | MoveAllToKit, Field(discriminator="action")]


class Order(Frozen):
    """What is to be done to which journeys, and how fast."""

    action: Action
    filter: BulkFilter
    rate: Annotated[float, Field(ge=SLOWEST, le=FASTEST, description="Journeys a second.")] = USUAL_RATE
    by: Actor = "ops"


# What comes of planning it


@dataclass(frozen=True, slots=True)
class ExpectedOutcomes:
    """What would come of it, if it were done now."""

    done: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class ExpectedRefusals:
    """Journeys that would refuse it for the same reason."""

    code: str
    journeys: int
    example: JourneyId
    says: str | None
    """To the example, in words, which may be personal."""


@dataclass(frozen=True, slots=True)
class SampleJourney:
    """One of the journeys."""

    journey: JourneyId
    learner: str
    stage: str | None
    becomes: Literal["done", "unchanged", "refused"]
    mentor: str | None
    """Who takes over."""
    code: str | None
    says: str | None


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What would be done, and what would come of it. Nothing is done until it is confirmed, within a day."""

    id: BulkId
    digest: str
    """Confirms this plan, for scripts."""
    action: Kind
    command: str | None
    journeys: int
    """How many were selected. They stay selected, whatever happens to them."""
    programs: Sequence[ProgramId]
    rate: float
    seconds: float
    """How long it takes at this rate, at least."""
    examined: int
    """Of how many journeys `expected` tells: all, or of a large selection some that are evenly spread."""
    expected: ExpectedOutcomes
    refusals: Sequence[ExpectedRefusals]
    sample: Sequence[SampleJourney]


@dataclass(frozen=True, slots=True)
class _Drafted:
    """The command of an order, as it is recorded."""

    kind: Kind
    command: str | None
    content: Mapping[str, Any]
    mentors: tuple[MentorId, ...] = ()


async def plan(pool: Pool, order: Order, programs: frozenset[ProgramId] | None = None) -> BulkPlan:
    """Selects the journeys, freezes the list, and tells what would come of it. `programs`: only journeys of these.

    Raises:
        Rejected: for an empty filter, too many journeys, or a command that fits no journey at all.
        BeingRebuilt.
    """
    drafted = await _drafted(pool, order)
    rows = await select(pool, order.filter, programs)
    some = rows if drafted.kind == "reassign" else examined(rows)
    foreteller = Foreteller(pool, drafted.kind, drafted.command, drafted.content, drafted.mentors)
    foretold = {one.journey: one for one in await foreteller.all(some)}
    items = list(_items(rows, foretold))
    known = {
        "kind": drafted.kind,
        "command": drafted.command,
        "content": to_json(drafted.content).decode(),
        "mentors": drafted.mentors,
        "filter": order.filter.given,
        "rate": order.rate,
        "by": order.by,
    }
    command = await freeze(pool, new_id(), known, items)
    sampled = [sample_of(row, foretold[row.journey]) for row in rows if row.journey in foretold][:MOST_SAMPLED]
    return told(command.bulk, command.command, list(foretold.values()), sampled)


def new_id() -> BulkId:
    return BulkId(uuid4().hex[:12])


class Recorded(Frozen):
    """A plan that is recorded, with the id of its action."""

    bulk: BulkId
    command: PlanBulk


async def freeze(pool: Pool, bulk: BulkId, known: Mapping[str, Any], items: Sequence[Item]) -> Recorded:
    """Records the plan with its journeys. Again, for an action that is there, nothing changes."""
    recorded = as_recorded(bulk, known, items)
    command = recorded.command

    async def beside(connection: Connection) -> None:
        await selections.forget(connection, datetime.now(UTC) - 2 * PLAN_KEPT)
        await selections.freeze(connection, bulk, command.digest, items)

    now = datetime.now(UTC)
    await transact(pool, bulk_stream(bulk), BULK, command, now, meta=given(command), beside=beside)
    return recorded


def as_recorded(bulk: BulkId, known: Mapping[str, Any], items: Sequence[Item]) -> Recorded:
    """The plan with its digest, which is another for every action."""
    digest = hashlib.sha256(to_json([bulk, known, [one[:6] for one in items]])).hexdigest()
    programs = tuple(sorted({one.program for one in items}))
    command = PlanBulk.model_validate({**known, "programs": programs, "journeys": len(items), "digest": digest})
    return Recorded(bulk=bulk, command=command)


def told(
    bulk: BulkId, plan: PlanBulk | BulkPlanned, foretold: Sequence[Foretold], sample: Sequence[SampleJourney]
) -> BulkPlan:
    counts = {word: sum(one.becomes == word for one in foretold) for word in ("done", "unchanged", "refused")}
    return BulkPlan(
        id=bulk,
        digest=plan.digest,
        action=plan.kind,
        command=plan.command,
        journeys=plan.journeys,
        programs=plan.programs,
        rate=plan.rate,
        seconds=round(plan.journeys / plan.rate, 1),
        examined=len(foretold),
        expected=ExpectedOutcomes(**counts),
        refusals=_refusals(foretold),
        sample=sample,
    )


def _refusals(foretold: Iterable[Foretold]) -> list[ExpectedRefusals]:
    """By reason, the most frequent first."""
    by_code: dict[str, list[Foretold]] = {}
    for one in foretold:
        if one.becomes == "refused":
            by_code.setdefault(one.code or "refused", []).append(one)
    found = [ExpectedRefusals(code, len(those), those[0].journey, those[0].says) for code, those in by_code.items()]
    return sorted(found, key=lambda one: (-one.journeys, one.code))


def sample_of(row: BoardRow, one: Foretold) -> SampleJourney:
    return SampleJourney(row.journey, row.learner, row.stage, one.becomes, one.mentor, one.code, one.says)


def _items(rows: Iterable[BoardRow], foretold: Mapping[JourneyId, Foretold]) -> Iterable[Item]:
    for number, row in enumerate(rows, 1):
        one = foretold.get(row.journey)
        own = (one.command, one.mentor) if one else (None, None)
        yield Item(number, row.journey, ProgramId(row.program), LearnerId(row.learner), *own)


async def require_same(pool: Pool, order: Order, planned: BulkPlanned) -> None:
    """Raises Rejected when the plan is for something else than the order."""
    drafted = await _drafted(pool, order)
    wanted = (drafted.kind, drafted.command, drafted.content, drafted.mentors, order.filter.given)
    recorded = (planned.kind, planned.command, from_json(planned.content), planned.mentors, planned.filter)
    if wanted != recorded:
        raise Rejected(Code.ANOTHER_PLAN, "the digest is that of a plan for something else; make a dry run of this one")


# The command of an order


async def _drafted(pool: Pool, order: Order) -> _Drafted:
    """Raises Rejected for a command that no journey could take."""
    action = order.action
    match action:
        case SendToAll():
            return _checked(action.command.replace("-", "_"), {**action.fields, "by": order.by})
        case WriteToAll():
            _require_templates(subject=action.subject, text=action.text)
            fields = {"to": action.to, "subject": action.subject, "text": action.text, "by": order.by}
            return _checked("send_message", fields)
        case MoveAllToKit():
            kit = await _kit(pool, order.filter.program, action.to)
            return _checked("move_to_kit", {"kit": kit, "reason": action.reason, "by": order.by})
        case ReassignAll():
            return _Drafted("reassign", None, {"reason": action.reason, "by": order.by}, action.to)
        case _:
            assert_never(action)


def _require_templates(**templates: str) -> None:
    """Raises Rejected for what could not be rendered for anybody."""
    if found := [f"{name}: {one}" for name, template in templates.items() for one in problems(template)]:
        raise Rejected(CommandCode.MISFIT, "; ".join(found), {"fields": list(templates)})


def _checked(command: str, fields: Mapping[str, Any]) -> _Drafted:
    if (kind := COMMANDS.get(command)) is None:
        raise Rejected(
            CommandCode.UNKNOWN_COMMAND,
            f"there is no command of this name; there are: {', '.join(COMMANDS)}",
            {"commands": list(COMMANDS)},
        )
    try:
        content = kind.model_validate(fields)
    except ValidationError as error:
        raise Rejected(CommandCode.MISFIT, f"{command}: {misfits(error)}") from None
    return _Drafted("command", command, content.model_dump(mode="json", exclude_unset=True))


async def _kit(pool: Pool, program: str | None, version: str) -> str:
    try:
        return (await of_program(pool, program, version)).digest
    except NoSuchKit as error:
        raise Rejected(JourneyCode.UNKNOWN_KIT, str(error)) from None
