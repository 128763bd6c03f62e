"""What can be asked of a bulk action."""

from collections.abc import Mapping

from domain.bulk.events import Content, Kind, Outcomes, Rate
from domain.ids import MentorId, ProgramId
from domain.values import Actor, Frozen, Personal


class _Command(Frozen):
    by: Actor = "ops"


class PlanBulk(_Command):
    """Record what is to be done, and for how many journeys. Their list is kept beside."""

    kind: Kind
    command: str | None = None
    content: Content = "{}"
    mentors: tuple[MentorId, ...] = ()
    sends_answers: bool = False
    filter: Mapping[str, str | bool] = {}
    programs: tuple[ProgramId, ...] = ()
    journeys: int
    digest: str
    rate: Rate


class BeginBulk(_Command):
    """Carry it out. Whoever asks for it says for how many journeys, or gives the digest of the plan."""

    journeys: int | None = None
    digest: str | None = None


class PauseBulk(_Command):
    reason: Personal = ""


class ResumeBulk(_Command):
    rate: Rate | None = None


class StopBulk(_Command):
    """Leave the rest of the journeys as they are. Of a plan that was not begun: give it up."""

    reason: Personal = ""


class FinishBulk(_Command):
    """Every journey has an outcome."""

    by: Actor = "system"
    outcomes: Outcomes


BulkCommand = PlanBulk | BeginBulk | PauseBulk | ResumeBulk | StopBulk | FinishBulk
