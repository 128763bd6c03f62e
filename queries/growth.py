"""Whether a program is ready to grow: every rule of its newest kit, with what is asked and what there is."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from domain.growth import Condition, Evidence, Rule, readiness
from domain.ids import ProgramId
from domain.kit import Kit
from domain.words import plain
from kits.lookup import newest
from projections import growth as evidence_of
from store.database import Pool

NOT_ASKED = "The kit has no rules of growth (`growth`): enrollment is opened without asking."
_NO_PERIOD = timedelta(days=90)
"""Of what is recent, where the kit does not ask whether the program improves."""


@dataclass(frozen=True, slots=True)
class GrowthCondition:
    rule: Rule
    place: str
    """The field of the kit, such as `growth.repeatable.journeys`."""
    wanted: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class GrowthReadiness:
    program: str
    version: str
    asked: bool
    """Whether the kit has rules of growth. False: enrollment is opened without asking."""
    beyond: int | None
    """Enrollment is opened for up to so many places without asking. Null: for any number."""
    ready: bool
    unmet: tuple[Rule, ...]
    """The rules that do not hold."""
    says: str
    """All of it in a sentence."""
    conditions: tuple[GrowthCondition, ...]


async def growth_readiness(pool: Pool, program: ProgramId, at: datetime | None = None) -> GrowthReadiness:
    """By the newest kit. Raises NoSuchProgram, BeingRebuilt."""
    kit = await newest(pool, program)
    rules = kit.growth
    if rules is None:
        return GrowthReadiness(program, kit.version, False, None, True, (), NOT_ASKED, ())
    found = readiness(kit, rules, await _evidence(pool, kit, at or datetime.now(UTC)))
    conditions = tuple(map(_shown, found.conditions))
    says = _says(kit, rules.beyond, found.unmet)
    return GrowthReadiness(program, kit.version, True, rules.beyond, found.ready, found.unmet, says, conditions)


async def _evidence(pool: Pool, kit: Kit, at: datetime) -> Evidence:
    improving = kit.growth.improving if kit.growth else None
    since = at - (improving.over if improving else _NO_PERIOD)
    return await evidence_of.evidence(pool, kit.program_id, kit.mentor_kit.training, since)


def _shown(one: Condition) -> GrowthCondition:
    return GrowthCondition(**{**asdict(one), "place": f"growth.{one.rule}.{one.place}"})


def _says(kit: Kit, beyond: int, unmet: tuple[Rule, ...]) -> str:
    which = f"enrollment for more than {beyond:,} places"
    if not unmet:
        return f"Ready to grow: every rule of version {kit.version} holds, so {which} can be opened."
    lacking = ", ".join(plain(one) for one in unmet)
    return f"Not ready to grow: {which} needs a reason to be opened. Not met: {lacking}."
