"""Shapes and text as SVG. The same calls give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

INK, SOFT, LINE, PAPER, PANEL = "#1f2933", "#52606d", "#9aa5b1", "#ffffff", "#f5f7fa"
DECISION, DECISION_EDGE = "#fdf3dc", "#c99a2e"
_NARROW, _WIDE = set("iljtfrI.,;:'|!()[] "), set("mwMW@%&")
_SMALL_LEADING, _LEADING = 1.3, 1.35
_BOLDER = 1.14
_CUT = "\N{HORIZONTAL ELLIPSIS}"
_EAST_ASIAN = 0x2E80


class Frame(NamedTuple):
    """Room on the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width


def width_of(text: str, size: float) -> float:
    """About how wide a text is in a common sans-serif; rather too wide than too narrow."""
    return size * sum(map(_width, text))


def _width(char: str) -> float:
    if char in _NARROW:
        return 0.33
    if char in _WIDE:
        return 0.9
    if ord(char) >= _EAST_ASIAN:
        return 1.05
    return 0.72 if char.isupper() else 0.6


def wrap(text: str, size: float, width: float, most: int | None = None, *, bold: bool = False) -> list[str]:
    """The text in lines that fit; with `most`, the last one is cut short. A word that does not fit is cut, too."""
    width = width / _BOLDER if bold else width
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, size, width))
    if most and len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], _cut(rest, size, width)]
    return lines or [""]


def _cut(text: str, size: float, width: float) -> str:
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + _CUT, size) > width:
        text = text[:-1]
    return text.rstrip() + _CUT


@dataclass
class Canvas:
    """Grows downwards: its height is asked for last."""

    width: int
    parts: list[str] = field(default_factory=list)

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: str = PAPER,
        stroke: str = LINE,
        radius: float = 8,
        dash: str | None = None,
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" rx="{_n(radius)}" '
            f'fill="{fill}" stroke="{stroke}"{dashed}/>'
        )

    def diamond(self, x: float, y: float, w: float, h: float, *, fill: str = PAPER, stroke: str = LINE) -> None:
        """Around its middle."""
        points = ((x, y - h / 2), (x + w / 2, y), (x, y + h / 2), (x - w / 2, y))
        listed = " ".join(f"{_n(a)},{_n(b)}" for a, b in points)
        self.parts.append(f'<polygon points="{listed}" fill="{fill}" stroke="{stroke}"/>')

    def circle(self, x: float, y: float, r: float, *, fill: str, stroke: str = PAPER) -> None:
        self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{fill}" stroke="{stroke}"/>')

    def path(
        self,
        points: Sequence[tuple[float, float]],
        *,
        stroke: str = SOFT,
        thick: float = 1.5,
        dash: str | None = None,
        arrow: bool = False,
    ) -> None:
        """Straight from point to point."""
        listed = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        head = ' marker-end="url(#arrow)"' if arrow else ""
        self.parts.append(
            f'<path d="{listed}" fill="none" stroke="{stroke}" stroke-width="{_n(thick)}" '
            f'stroke-linejoin="round"{dashed}{head}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        bold: bool = False,
        fill: str = INK,
        anchor: str = "start",
        halo: bool = False,
    ) -> None:
        """On the baseline `y`. With a halo, it covers what it crosses."""
        weight = ' font-weight="600"' if bold else ""
        placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
        placed += f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if halo else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{weight}{placed}>{escape(text)}</text>'
        )

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = 12,
        bold: bool = False,
        fill: str = INK,
        anchor: str = "start",
        halo: bool = False,
    ) -> float:
        """One below another; returns the baseline that the next would have."""
        for line in lines:
            self.text(x, y, line, size=size, bold=bold, fill=fill, anchor=anchor, halo=halo)
            y += leading(size)
        return y

    def clock(self, x: float, y: float, *, color: str = SOFT) -> None:
        """A small clock around its middle: what comes by itself."""
        self.parts.append(
            f'<g stroke="{color}" fill="none" stroke-width="1.2"><circle cx="{_n(x)}" cy="{_n(y)}" r="5"/>'
            f'<path d="M{_n(x)} {_n(y - 3)} V{_n(y)} H{_n(x + 2.5)}"/></g>'
        )

    def document(self, height: float, title: str, description: str) -> str:
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{_n(height)}" '
                f'viewBox="0 0 {self.width} {_n(height)}" role="img" aria-labelledby="title desc" '
                "font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\">",
                f'<title id="title">{escape(title)}</title>',
                f'<desc id="desc">{escape(description)}</desc>',
                '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
                f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{SOFT}"/></marker></defs>',
                f'<rect width="100%" height="100%" fill="{PAPER}"/>',
                *self.parts,
                "</svg>\n",
            )
        )


def leading(size: float) -> float:
    return round(size * (_SMALL_LEADING if size < 12 else _LEADING), 1)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
