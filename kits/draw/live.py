"""How many journeys are where on the diagram, and how they are marked there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kits.draw.canvas import INK, PAPER, Canvas, width_of

_ATTENTION = "#b42318"
_SIZE, _HEIGHT = 11.5, 20


@dataclass(frozen=True, slots=True)
class Here:
    """The journeys at one place."""

    journeys: int = 0
    attention: int = 0
    """Those of them with an open case."""


@dataclass(frozen=True, slots=True)
class Live:
    """What is drawn on the diagram of a program that runs."""

    stages: Mapping[str, Here] = field(default_factory=dict)
    """By the names of the stages: `intake`, `matching`, `sessions`, `wrap_up`."""
    pathways: Mapping[str, Here] = field(default_factory=dict)
    """By the id of the pathway: those in its sessions."""
    reviews: int = 0
    """Intakes that wait to be read."""
    offers: int = 0
    """Offers that wait for an answer."""
    endings: Mapping[str, int] = field(default_factory=dict)


def mark(canvas: Canvas, right: float, y: float, here: Here | None) -> None:
    """Ends at `right`, around the line `y`: how many are here, and how many of them have a case."""
    if here is None:
        return
    if here.attention:
        right = _pill(canvas, right, y, f"{here.attention:,} with a case", _ATTENTION) - 4
    _pill(canvas, right, y, f"{here.journeys:,} now", INK)


def count(canvas: Canvas, center: float, y: float, says: str) -> None:
    """Around the point."""
    _pill(canvas, center + _width(says) / 2, y, says, INK)


def _pill(canvas: Canvas, right: float, y: float, says: str, fill: str) -> float:
    """Returns its left edge."""
    left = right - _width(says)
    canvas.rect(left, y - _HEIGHT / 2, _width(says), _HEIGHT, fill=fill, stroke=PAPER, radius=_HEIGHT / 2)
    canvas.text(left + _width(says) / 2, y + 4, says, size=_SIZE, bold=True, fill=PAPER, anchor="middle")
    return left


def _width(says: str) -> float:
    return round(width_of(says, _SIZE) + 18, 1)
