"""Charts as SVG, without scripts; the page has a table with the same figures beside each."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 10, 30


class Bar(NamedTuple):
    label: str
    value: float
    """From 0 to 1."""
    says: str


class Line(NamedTuple):
    name: str
    kind: str
    """The class that colors it."""
    values: Sequence[float]


def bars(title: str, those: Sequence[Bar]) -> str:
    """Lying, one below another."""
    step, left = 30, 190
    height = step * len(those) + 4
    rows = []
    for nth, one in enumerate(those):
        y = nth * step + 4
        width = max(1.0, one.value * (_WIDTH - left - 110))
        rows.append(
            f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(one.label)}</text>'
            f'<rect class="funnel" x="{left}" y="{y}" width="{width:.1f}" height="22" rx="3"/>'
            f'<text x="{left + width + 8:.1f}" y="{y + 16}">{escape(one.says)}</text>'
        )
    return _svg(title, height, "".join(rows))


def lines(title: str, labels: Sequence[str], those: Sequence[Line], limit: float | None = None) -> str:
    """Shares over weeks. `limit`: a line across, such as the target of utilization."""
    top = max([1.0, *(value for one in those for value in one.values)])
    drawn = [_grid(top, labels)]
    if limit is not None:
        y = _y(limit, top)
        drawn.append(f'<line class="limit" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
    for one in those:
        points = " ".join(f"{_x(nth, len(labels)):.1f},{_y(value, top):.1f}" for nth, value in enumerate(one.values))
        drawn.append(f'<polyline class="{one.kind}" points="{points}"/>')
    return _svg(title, _HEIGHT, "".join(drawn))


def _grid(top: float, labels: Sequence[str]) -> str:
    drawn = []
    for nth in range(5):
        share = top * nth / 4
        y = _y(share, top)
        drawn.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        )
    every = max(1, len(labels) // 12)
    for nth, label in enumerate(labels):
        if nth % every == 0:
            x = _x(nth, len(labels))
            drawn.append(f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(label)}</text>')
    return "".join(drawn)


def _x(nth: int, many: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT - 12) * nth / max(1, many - 1) + 6


def _y(value: float, top: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _svg(title: str, height: float, content: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">{content}</svg>'
