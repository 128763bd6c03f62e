"""A pilot: learners with one change, beside a baseline without it (R72 to R74).

In reading order: whom and what it compares, events, commands, state, evolve, decide. Its stream is `pilot-` and its id,
which is the program's, a dot, and its name: `job-ready.short-intake`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never, get_args

from pydantic import Field, StringConstraints, model_validator

from domain.decider import Decider
from domain.effects import Effect
from domain.ids import SLUG, KitDigest, ProgramId, Slug, StreamId
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Instant, Number, Personal, Truth, Whole, changed, together

CHANGES_AT_MOST = 50
FIGURES_AT_MOST = 100

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line that whoever sees the figures of a program may read: it names nobody."""
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
"""Of a pilot, within its program."""
Verdict = Literal["kept", "dropped", "undecided"]
Source = Literal["imported", "rehearsal"]


def pilot_id(program: ProgramId, name: str) -> str:
    return f"{program}.{name}"


def pilot_stream(program: ProgramId, name: str) -> StreamId:
    return StreamId(f"pilot-{pilot_id(program, name)}")


def of_stream(stream: str) -> tuple[ProgramId, str]:
    """The program and the name."""
    program, _, name = stream.removeprefix("pilot-").rpartition(".")
    return ProgramId(program), name


class Whom(Frozen):
    """Learners of the program, by what is given; all of it must hold."""

    cohort: Slug | None = None
    """Their group; of those without one, the month in which they began, as `2026-11`."""
    kit: KitDigest | None = None
    """The version of the kit that they began with."""
    version: str | None = None
    """Its name."""
    since: Instant | None = None
    until: Instant | None = None
    """When they began; exclusive."""


class Share(Frozen):
    count: Whole = Field(ge=0, le=10**9)
    of: Whole = Field(ge=0, le=10**9)

    @model_validator(mode="after")
    def _is_share(self) -> "Share":
        if self.count > self.of:
            raise ValueError(f"{self.count} of {self.of} is not a share; count each one once, among all that are")
        return self


class Mean(Frozen):
    n: Whole = Field(ge=0, le=10**9)
    mean: Number
    deviation: Number = Field(ge=0)
    """The standard deviation of the values."""


class Imported(Frozen):
    """Figures from elsewhere: of a time before Trellis, or of a rehearsal."""

    source: Source = "imported"
    name: Line
    """What they are of, such as `spring 2025`."""
    figures: Mapping[Slug, Share | Mean] = Field(min_length=1, max_length=FIGURES_AT_MOST)
    """By the id of the measure."""


Baseline = Whom | Imported


class PilotBegun(Event):
    """From now on these learners are compared with the baseline, by one measure above all."""

    type: ClassVar[str] = "pilot.begun"
    program: ProgramId
    title: Line
    change: Line
    whom: Whom
    baseline: Baseline
    measure: Slug
    least_difference: float | None
    """The smallest difference of that measure that matters. None: nobody has said."""
    broken: tuple[str, ...]
    """In how far more than one thing changes, as it was known then; in words."""
    by: Actor


class PilotChanged(Event):
    """Something else was changed while the pilot ran: its effect and that of the change cannot be told apart."""

    type: ClassVar[str] = "pilot.changed"
    what: Line
    by: Actor


class PilotEnded(Event):
    """It is over, with what was found, and what people make of it."""

    type: ClassVar[str] = "pilot.ended"
    verdict: Verdict
    conclusion: Personal
    effects: tuple[Effect, ...]
    """As they were then, the measure of the pilot first."""
    broken: tuple[str, ...]
    by: Actor


PilotEvent = PilotBegun | PilotChanged | PilotEnded
EVENTS: dict[str, type[PilotEvent]] = {event.type: event for event in get_args(PilotEvent)}


class PilotCommand(Frozen):
    by: Actor = "ops"


class BeginPilot(PilotCommand):
    program: Annotated[ProgramId, SLUG]
    title: Line
    change: Line
    whom: Whom
    baseline: Baseline
    measure: Slug
    least_difference: Number | None = None
    broken: tuple[str, ...] = ()
    """As services/pilots.py finds it."""
    several: Truth = False
    """Begin although more than one thing changes. It is said wherever the pilot is shown."""


class ChangePilot(PilotCommand):
    what: Line


class EndPilot(PilotCommand):
    verdict: Verdict
    conclusion: Personal = Field(min_length=1)
    effects: tuple[Effect, ...] = ()
    broken: tuple[str, ...] = ()


Command = BeginPilot | ChangePilot | EndPilot


class Code(RefusalCode):
    """Why a pilot refuses a command."""

    EXISTS = "pilot_exists"
    """Another pilot of the program has this name."""
    SEVERAL = "pilot_changes_several_things"
    """`reasons`: in how far, in words."""
    UNCLEAR = "pilot_without_learners"
    """Nothing says whom it is about, or the baseline is the same learners."""
    ENDED = "pilot_ended"
    UNKNOWN_MEASURE = "unknown_measure"
    """`measures`: those that there are."""
    TOO_MANY_CHANGES = "too_many_pilot_changes"
    """`most`: how many there can be."""


class PilotState(Frozen):
    begun: PilotBegun | None = None
    changes: tuple[PilotChanged, ...] = ()
    ended: PilotEnded | None = None


INITIAL = PilotState()


def evolve(state: PilotState, event: PilotEvent) -> PilotState:
    match event:
        case PilotBegun():
            return changed(state, {"begun": event})
        case PilotChanged():
            return changed(state, {"changes": (*state.changes, event)})
        case PilotEnded():
            return changed(state, {"ended": event})
        case _:
            assert_never(event)


def decide(state: PilotState, command: Command, at: datetime) -> list[PilotEvent]:
    """Returns no events for what was done before.

    Raises:
        Rejected: when the state of the pilot does not allow it.
        ValueError: for any other first command than to begin.
    """
    if isinstance(command, BeginPilot):
        return _begin(state, command, at)
    if state.begun is None:
        raise ValueError(f"a pilot begins with its beginning, and not with {type(command).__name__}")
    match command:
        case ChangePilot():
            if any(one.what == command.what for one in state.changes):
                return []
            _require_open(state)
            if len(state.changes) >= CHANGES_AT_MOST:
                says = f"the pilot has {CHANGES_AT_MOST} further changes, which is the most; end it and begin another"
                raise Rejected(Code.TOO_MANY_CHANGES, says, {"most": CHANGES_AT_MOST})
            return [PilotChanged(at=at, what=command.what, by=command.by)]
        case EndPilot():
            if state.ended and (state.ended.verdict, state.ended.conclusion) == (command.verdict, command.conclusion):
                return []
            _require_open(state)
            told = command.model_dump(include={"verdict", "conclusion", "broken", "by"})
            return [PilotEnded(at=at, effects=command.effects, **told)]
        case _:
            assert_never(command)


_SAID = ("program", "title", "change", "whom", "baseline", "measure", "least_difference")


def _begin(state: PilotState, command: BeginPilot, at: datetime) -> list[PilotEvent]:
    said = {name: getattr(command, name) for name in _SAID}
    if state.begun:
        if all(getattr(state.begun, name) == value for name, value in said.items()):
            return []
        raise Rejected(Code.EXISTS, "the program has a pilot of this name, about something else; take another name")
    if command.whom == Whom():
        says = "name the learners of the pilot: a cohort, a version, or the time in which they began"
        raise Rejected(Code.UNCLEAR, says)
    if command.baseline in (Whom(), command.whom):
        says = (
            "name other learners as the baseline: another cohort, another version, or another time; or import figures"
        )
        raise Rejected(Code.UNCLEAR, says)
    if command.broken and not command.several:
        says = f"more than one thing changes: {together(command.broken)}. Change one thing, or begin with several"
        raise Rejected(Code.SEVERAL, says, {"reasons": command.broken})
    return [PilotBegun(at=at, broken=command.broken, by=command.by, **said)]


def _require_open(state: PilotState) -> None:
    if state.ended:
        on = f"{state.ended.at:%Y-%m-%d}"
        raise Rejected(Code.ENDED, f"the pilot ended on {on}; begin another one under another name")


PILOT: Decider[Command, PilotState, PilotEvent] = Decider(EVENTS, INITIAL, decide, evolve)
