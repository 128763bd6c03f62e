"""The small types that the rest of the domain is written in."""

import re
from collections.abc import Iterable, Mapping, Sized
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError


class Frozen(BaseModel):
    """An immutable value, equal to any other with the same content. Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def is_none(value: object) -> bool:
    """As `exclude_if` of a field that was added later: releases that do not know it can read what does without it."""
    return value is None


def is_nothing(value: Sized) -> bool:
    """The same for a field that holds several things, and may hold none."""
    return len(value) == 0


def is_false(value: object) -> bool:
    """The same, for what is true or false."""
    return value is False


Value = TypeVar("Value", bound=Frozen)


def changed(value: Value, changes: Mapping[str, object]) -> Value:
    """A copy with these fields changed. Validates nothing, like `model_copy`, in a tenth of its time.

    Which fields were set explicitly is not recorded: nothing here needs that.
    """
    kind = type(value)
    other = kind.__new__(kind)
    put = object.__setattr__
    put(other, "__dict__", {**value.__dict__, **changes})
    put(other, "__pydantic_fields_set__", value.__pydantic_fields_set__)
    put(other, "__pydantic_extra__", None)
    put(other, "__pydantic_private__", None)
    return other


class Event(Frozen):
    """A fact, in the past tense. `type` and `schema_version` are how it is stored, and never change once released."""

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    at: AwareDatetime
    """When it occurred, UTC. The log keeps it as `occurred_at`."""


class PersonalMark:
    """Marks free text of a person, which may hold personal data."""


STORABLE = StringConstraints(pattern=r"^[^\x00]*$", max_length=10_000)
"""Text that Postgres can keep as JSON: any character but NUL."""

Personal = Annotated[str, PersonalMark(), STORABLE]
"""Free text about a person: kept out of logs, metrics, search attributes and ids."""


def _repaired(value: Any) -> Any:
    return value.replace("\x00", "\ufffd").encode(errors="replace").decode() if isinstance(value, str) else value


Repaired = BeforeValidator(_repaired)
"""For text that is recorded whatever it is, such as who claims to have sent what could not be read: characters that
neither JSON nor Postgres can keep are replaced, for a journey that cannot record its refusal would stand still."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_REACH = timedelta(days=36_525)

_ISO_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(?P<offset>[Zz]|[+-]\d\d(:?\d\d)?)?")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _wrong(what: str) -> PydanticCustomError:
    """As a ValueError, in these words alone."""
    return PydanticCustomError("value_error", "{what}", {"what": what})


AS_BEFORE: Mapping[str, bool] = {"as_before": True}
"""The validation context for what came in before there were these limits: it is read as it was read then, or a workflow
that is replayed would decide otherwise than it did."""


def _written_as_instant(value: Any, info: ValidationInfo) -> Any:
    """Numbers and texts of digits would be read as seconds since 1970, and hide a mistake."""
    if info.context == AS_BEFORE:
        return value
    written = _ISO_INSTANT.fullmatch(value) if isinstance(value, str) else None
    if written and not written["offset"]:
        raise _wrong("the moment has no time zone; write it as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00+01:00")
    if written or isinstance(value, datetime):
        return value
    raise _wrong("not an instant in ISO 8601; write it as 2026-03-02T09:00:00Z")


def _written_as_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise _wrong("not a day; write it as 2026-03-02")


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _wrong(_out_of_range()) from None


def _plausible(value: datetime, info: ValidationInfo) -> datetime:
    if info.context != AS_BEFORE and not EARLIEST <= value < LATEST:
        raise _wrong(_out_of_range())
    return value


def _plausible_day(value: date) -> date:
    if not EARLIEST.date() <= value < LATEST.date():
        raise _wrong(_out_of_range())
    return value


def _within_reach(value: datetime) -> datetime:
    if not EARLIEST - _REACH <= value < LATEST + _REACH:
        raise _wrong("beyond any deadline that there can be; give what was answered before")
    return value


def _out_of_range() -> str:
    return f"out of range; write one from {EARLIEST.year} to {LATEST.year - 1}"


StoredInstant = Annotated[AwareDatetime, BeforeValidator(_written_as_instant), AfterValidator(_in_utc)]
"""An instant in UTC, of any year: for models that also read what was stored before there was a range."""

Instant = Annotated[StoredInstant, AfterValidator(_plausible)]
"""An instant as it may come in: ISO 8601 with an offset, turned into UTC, from 1970 to 2199.

Many systems write "no time" as the year 1 or 9999, and no clock of a program gets there. Durations are bounded as well
(1,000 weeks each), so that no deadline that follows from an instant overflows.
"""

Deadline = Annotated[StoredInstant, AfterValidator(_within_reach)]
"""An instant that a journey computed, as it comes back in a cursor: up to a century outside the range of `Instant`."""

Day = Annotated[date, BeforeValidator(_written_as_day), AfterValidator(_plausible_day)]
"""A calendar day as it may come in, of the same range."""


def _number(value: Any, info: ValidationInfo) -> Any:
    """JSON tells texts, truth values and numbers apart, and so does whoever sends them."""
    if info.context != AS_BEFORE and isinstance(value, bool | str):
        raise _wrong("a number is wanted, without quotes")
    return value


def _truth(value: Any, info: ValidationInfo) -> Any:
    if info.context != AS_BEFORE and not isinstance(value, bool):
        raise _wrong("true or false is wanted, without quotes")
    return value


LAST_POSITION = 2**63 - 1
"""The largest position in the log, and the largest version, which is a position in a stream: a `bigint` of Postgres."""

LAST_NUMBER = 2**31 - 1
"""The largest number within something else, such as of a round or of a draft: an `integer` of Postgres."""

Truth = Annotated[bool, BeforeValidator(_truth)]
"""A boolean as it may come in, neither `"yes"` nor `1`."""

Whole = Annotated[int, BeforeValidator(_number)]
"""A whole number as it may come in: `7` and `7.0`, but neither `"7"` nor `true`."""

Number = Annotated[float, BeforeValidator(_number)]
"""A number as it may come in, neither `"7"` nor `true`."""

Actor = Annotated[str, StringConstraints(pattern=r"^(ops|learner|mentor|system)(:[A-Za-z0-9][A-Za-z0-9_.-]*)?$")]
"""Who acts: a role, and where it is known an id. `ops:ana`, `learner:l-17`, `mentor:m-3`; timers act as `system`."""

_UNITS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_DURATION = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?\s*$")


def _read_duration(value: Any) -> Any:
    if isinstance(value, str) and not value.lstrip("-").startswith("P"):
        found = _DURATION.match(value)
        if not found:
            raise ValueError(f"{value!r} is not a duration; write a number and a unit, such as '48 hours' or '2 weeks'")
        try:
            return timedelta(seconds=float(found[1]) * _UNITS[found[2]])
        except OverflowError as error:
            raise ValueError(f"{value!r} is longer than anything lasts") from error
    if isinstance(value, int | float):
        raise ValueError(f"{value!r} has no unit; write for instance '{value} days'")
    return value


def say_duration(value: timedelta) -> str:
    """In the largest unit that divides it: `2 weeks`, `36 hours`. Reading it back gives the same duration."""
    seconds = value.total_seconds()
    for unit in ("week", "day", "hour"):
        if seconds and seconds % _UNITS[unit] == 0:
            break
    else:
        unit = "minute"
    count = seconds / _UNITS[unit]
    number = str(int(count)) if count == int(count) else repr(count)
    return f"{number} {unit}{'' if abs(count) == 1 else 's'}"


def _within_reason(value: timedelta) -> timedelta:
    if not timedelta(0) <= value <= _LONGEST:
        raise ValueError(
            f"{say_duration(value)} is out of bounds; write at least 0 and at most {say_duration(_LONGEST)}"
        )
    return value


_LONGEST = timedelta(weeks=1_000)


def roughly(value: timedelta) -> str:
    """For people: rounded to its two largest units, such as `3 days and 4 hours`."""
    minutes = round(value.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    parts = [(days, "day"), (minutes // 60, "hour"), (minutes % 60, "minute")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count][:2]
    return " and ".join(said) or "less than a minute"


def counted(many: int, what: str) -> str:
    """For people: `1 journey`, `2 journeys`; for words whose plural ends in s."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def either(those: Iterable[str]) -> str:
    """For people: `a, b or c`. Raises ValueError when there are none."""
    return _listed(those, "or")


def together(those: Iterable[str]) -> str:
    """For people: `a, b and c`. Raises ValueError when there are none."""
    return _listed(those, "and")


def _listed(those: Iterable[str], word: str) -> str:
    *before, last = those
    return f"{', '.join(before)} {word} {last}" if before else last


Duration = Annotated[
    timedelta,
    BeforeValidator(_read_duration),
    AfterValidator(_within_reason),
    PlainSerializer(say_duration, return_type=str),
]
"""A length of time, written as a number and a unit: minutes, hours, days or weeks. A day is 24 hours."""


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA database. Looking through its files takes 50 ms."""
    return frozenset(available_timezones())
