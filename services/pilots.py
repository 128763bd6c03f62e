"""Pilots: begin one with one change, say what else was changed, and end it with what was found."""

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import KitDigest, ProgramId
from domain.kit import Kit
from domain.pilot import (
    PILOT,
    BeginPilot,
    ChangePilot,
    Code,
    EndPilot,
    Imported,
    PilotBegun,
    Verdict,
    Whom,
    pilot_stream,
)
from domain.refusal import Rejected
from domain.values import Actor
from kits.lookup import newest, of_program
from queries.measures.definitions import MEASURES
from queries.pilots import PilotReport, known, one_change, report
from store.database import Pool
from store.transact import given, transact


@dataclass(frozen=True, slots=True)
class Ending:
    verdict: Verdict
    conclusion: str
    by: Actor


async def begin(pool: Pool, name: str, command: BeginPilot) -> PilotReport:
    """Versions may be named without their digest.

    Raises NoSuchProgram, NoSuchKit, BeingRebuilt; Rejected where more than one thing changes, unless it says so.
    """
    kit = await newest(pool, command.program)
    _require_measures(command)
    whom = await _found(pool, kit, command.whom)
    baseline = await _found(pool, kit, command.baseline) if isinstance(command.baseline, Whom) else command.baseline
    command = command.model_copy(update={"whom": whom, "baseline": baseline})
    at = datetime.now(UTC)
    command = command.model_copy(update={"broken": await one_change(pool, kit, name, _as_begun(command, at))})
    await transact(pool, pilot_stream(command.program, name), PILOT, command, at, meta=given(command))
    return await report(pool, command.program, name)


async def change(pool: Pool, program: ProgramId, name: str, command: ChangePilot) -> PilotReport:
    """Raises NoSuchProgram, NotFound, BeingRebuilt, Rejected."""
    await _require(pool, program, name)
    await transact(pool, pilot_stream(program, name), PILOT, command, datetime.now(UTC), meta=given(command))
    return await report(pool, program, name)


async def end(pool: Pool, program: ProgramId, name: str, ending: Ending) -> PilotReport:
    """With what is found now. Raises NoSuchProgram, NotFound, BeingRebuilt, Rejected."""
    found = await report(pool, program, name)
    command = EndPilot(
        verdict=ending.verdict,
        conclusion=ending.conclusion,
        effects=found.effects,
        broken=found.broken,
        by=ending.by,
    )
    await transact(pool, pilot_stream(program, name), PILOT, command, datetime.now(UTC), meta=given(command))
    return await report(pool, program, name)


async def _require(pool: Pool, program: ProgramId, name: str) -> None:
    await newest(pool, program)
    await known(pool, program, name)


async def _found(pool: Pool, kit: Kit, whom: Whom) -> Whom:
    """With the digest and the name of the version. Raises NoSuchKit."""
    named = whom.kit or whom.version
    if named is None:
        return whom
    published = await of_program(pool, kit.program, named)
    return whom.model_copy(update={"kit": KitDigest(published.digest), "version": published.version})


def _require_measures(command: BeginPilot) -> None:
    imported = list(command.baseline.figures) if isinstance(command.baseline, Imported) else []
    for one in (command.measure, *imported):
        if one not in MEASURES:
            says = f"there is no measure {one!r}; docs/measures.md lists them"
            raise Rejected(Code.UNKNOWN_MEASURE, says, {"measures": list(MEASURES)})


def _as_begun(command: BeginPilot, at: datetime) -> PilotBegun:
    said = {name: getattr(command, name) for name in PilotBegun.model_fields if name not in ("at", "broken")}
    return PilotBegun(at=at, broken=(), **said)
