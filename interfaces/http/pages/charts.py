"""Charts as numbers for SVG: the template draws what stands here. Each chart has its figures in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 120
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 10, 22
_MOST_LABELS = 4
_SMALL = 0.05
"""Below it, two digits after the point say too little."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value to draw, with its interval where there is one."""

    key: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    top: float
    bottom: float
    """The ends of the interval; both are `y` without one."""
    label: str
    """Empty where there is no room for one."""


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Points over an axis, with their intervals; those of weeks are joined by a line."""

    title: str
    """What a screen reader says of it."""
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    line: str
    """The points of a polyline; empty without one."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    floor: int = HEIGHT - 6


def chart(title: str, seen: Sequence[Seen], *, share: bool, joined: bool) -> Chart:
    """`seen` is not empty. Shares are drawn from 0 to 100 %."""
    low, high = (0.0, 1.0) if share else _range(seen)
    xs = _across(len(seen))
    every = -(-len(seen) // _MOST_LABELS)
    marks = [
        Mark(
            x=x,
            y=_height(one.value, low, high),
            top=_height(one.value if one.high is None else one.high, low, high),
            bottom=_height(one.value if one.low is None else one.low, low, high),
            label=_short(one.key) if place % every == 0 else "",
        )
        for place, (x, one) in enumerate(zip(xs, seen, strict=True))
    ]
    return Chart(
        title=title,
        marks=marks,
        ticks=[Tick(_height(value, low, high), _tick(value, share=share)) for value in (low, (low + high) / 2, high)],
        line=" ".join(f"{one.x},{one.y}" for one in marks) if joined and len(marks) > 1 else "",
    )


def _range(seen: Sequence[Seen]) -> tuple[float, float]:
    """From 0, or below where something is, to the largest value; intervals may reach beyond the chart."""
    values = [one.value for one in seen]
    low, high = min(0.0, *values), max(0.0, *values) * 1.25
    return (low, high) if high > low else (low, low + 1)


def _across(many: int) -> list[float]:
    room = WIDTH - _LEFT - _RIGHT
    return [round(_LEFT + room * (place + 0.5) / many, 1) for place in range(many)]


def _height(value: float, low: float, high: float) -> float:
    within = min(max(value, low), high)
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - (within - low) / (high - low)), 1)


def _tick(value: float, *, share: bool) -> str:
    if share:
        return f"{value:.0%}"
    return f"{value:.1g}" if 0 < abs(value) < _SMALL else f"{value:,.2f}".rstrip("0").rstrip(".")


def _short(key: str) -> str:
    """Of a week its day and month; of anything else as much as there is room for."""
    year, _, day = key.partition("-")
    if len(key) == 10 and year.isdigit():
        return day
    return key if len(key) <= 12 else f"{key[:11]}…"


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: str
    width: float
    """Of 100."""


def bars(rows: Sequence[tuple[str, int, str]]) -> list[Bar]:
    """Of label, number and what is written beside it."""
    most = max((number for _, number, _ in rows), default=0)
    return [Bar(label, says, round(100 * number / most, 1) if most else 0) for label, number, says in rows]
