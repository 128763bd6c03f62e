"""What the state of a journey is made of: immutable parts, whose dates say by their type what a pause does to them.

The clocks of a paused journey stand still. Resuming it moves what still lies ahead by the length of the pause.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_type_hints

from pydantic import AwareDatetime, ConfigDict


class Pausing(Enum):
    """What a pause does to a date."""

    SHIFTS = auto()
    SHIFTS_UNTIL_SETTLED = auto()
    SHIFTS_IF_AHEAD = auto()
    LEAVES = auto()


Shifted = Annotated[AwareDatetime, Pausing.SHIFTS]
"""Later by the length of every pause since it was set: a deadline, or the moment from which some time counts."""

ShiftedUntilSettled = Annotated[AwareDatetime, Pausing.SHIFTS_UNTIL_SETTLED]
"""As `Shifted`, but only as long as the part that has it is not `settled`."""

ShiftedIfAhead = Annotated[AwareDatetime, Pausing.SHIFTS_IF_AHEAD]
"""As `ShiftedUntilSettled`, but only where it lay ahead when the pause began."""

Fixed = Annotated[AwareDatetime, Pausing.LEAVES]
"""A pause does not move it: it says when something happened, or what somebody asked for."""


class Part:
    """A part of the state: a frozen dataclass that pydantic reads from stored JSON, and refuses unknown fields of.

    What follows from a part alone is kept beside its fields, in slots, as most parts stay the same from step to step.
    """

    __slots__ = (
        "context",
        "duties",
        "duties_of",
        "earliest",
        "evolved",
        "following",
        "names_awaited",
        "subjects",
        "timers_of",
    )
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", allow_inf_nan=False)


P = TypeVar("P", bound=Part)


def changed(part: P, /, **changes: object) -> P:
    """The part with other values in these fields. Checks nothing, as `dataclasses.replace`, in a tenth of its time."""
    other = object.__new__(type(part))
    object.__setattr__(other, "__dict__", part.__dict__ | changes)
    return other


def replaced(parts: Sequence[P], old: P, **changes: object) -> tuple[P, ...]:
    """The parts, with other values in these fields of one of them."""
    return tuple([changed(one, **changes) if one is old else one for one in parts])


def shifted(part: P, by: timedelta, paused_at: datetime) -> P:
    """The part after a pause of this length, which began then."""
    kind: Any = type(part)
    dates, parts = _fields(kind)
    changes: dict[str, Any] = {}
    for name, pausing in dates:
        date = getattr(part, name)
        if date is not None and _shifts(part, pausing, date, paused_at):
            changes[name] = date + by
    for name in parts:
        match getattr(part, name):
            case tuple() as several:
                changes[name] = tuple(shifted(one, by, paused_at) for one in several)
            case Part() as one:
                changes[name] = shifted(one, by, paused_at)
    return changed(part, **changes)


def _shifts(part: Any, pausing: Pausing, date: datetime, paused_at: datetime) -> bool:
    match pausing:
        case Pausing.SHIFTS:
            return True
        case Pausing.SHIFTS_UNTIL_SETTLED:
            return not part.settled
        case Pausing.SHIFTS_IF_AHEAD:
            return not part.settled and date >= paused_at
        case Pausing.LEAVES:
            return False


@cache
def _fields(kind: type[Part]) -> tuple[tuple[tuple[str, Pausing], ...], tuple[str, ...]]:
    """The dates of a kind of part, and its fields that hold other parts."""
    kinds = {name: tuple(_leaves(kind)) for name, kind in get_type_hints(kind, include_extras=True).items()}
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    dates = [(name, one) for name in names for one in kinds[name] if isinstance(one, Pausing)]
    parts = [name for name in names if any(is_dataclass(one) for one in kinds[name])]
    return tuple(dates), tuple(parts)


def _leaves(kind: Any) -> Any:
    """The simple types and the marks in a type such as `tuple[Case, ...]` or `Shifted | None`."""
    inner = get_args(kind)
    return [leaf for one in inner for leaf in _leaves(one)] if inner else [kind]
