"""The escalations: the condition and the steps of each, under the stage in which it can fire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.kit import Duty, Escalation, Kit, Nudge, OfferRemedies, OpenCase, Step
from kits.draw.canvas import INK, PANEL, SOFT, Canvas, Frame, leading, wrap
from kits.lines import Lines
from kits.words import step_in_words

_COLUMNS, _GUTTER, _MARGIN, _SIZE = 3, 16, 130, 11.5
_NUDGE, _OFFER = "#7b8794", "#1a7f4b"
_SEVERITIES = {"notice": "#1f6feb", "warning": "#c27c0e", "critical": "#b42318"}
_STAGES: Mapping[Duty, str] = {
    "intake": "Intake",
    "intake_review": "Intake",
    "match": "Matching",
    "offer": "Matching",
    "wrap_up": "Wrap-up",
    "case": "Any stage",
    "remedy": "Any stage",
}
_ORDER = ("Intake", "Matching", "Sessions", "Wrap-up", "Any stage")


@dataclass(frozen=True)
class _Card:
    title: Sequence[str]
    condition: Sequence[str]
    by_clock: bool
    rungs: Sequence[tuple[str, Sequence[str]]]
    """Each with its color."""
    source: str

    @property
    def height(self) -> float:
        lines = len(self.condition) + sum(len(rung) for _, rung in self.rungs)
        return 22 + len(self.title) * leading(13) + lines * leading(_SIZE) + 3 * len(self.rungs)


def draw(canvas: Canvas, kit: Kit, y: float, margin: float) -> float:
    """Returns the y at which the next part may begin."""
    if not kit.escalations:
        return y
    canvas.text(margin, y, "Escalations", size=16, bold=True)
    _legend(canvas, kit, margin + 130, y)
    y += 14
    width = _width(canvas, margin)
    lines = Lines(kit)
    for stage in _ORDER:
        rules = [rule for rule in kit.escalations if _stage(rule) == stage]
        cards = [_card(rule, lines, width) for rule in rules]
        if cards:
            y = _group(canvas, stage, cards, y, margin)
    return y


def _width(canvas: Canvas, margin: float) -> float:
    return (canvas.width - 2 * margin - _MARGIN - (_COLUMNS - 1) * _GUTTER) / _COLUMNS


def _stage(rule: Escalation) -> str:
    return _STAGES.get(rule.when.duty, "Sessions") if rule.when.duty else "Sessions"


def _legend(canvas: Canvas, kit: Kit, x: float, y: float) -> None:
    used = {_color(step) for rule in kit.escalations for step in rule.ladder}
    kinds = [("a nudge", _NUDGE), *((f"a case: {one}", color) for one, color in _SEVERITIES.items())]
    for words, color in (*kinds, ("an offer", _OFFER)):
        if color in used:
            canvas.circle(x, y - 5, 5, fill=color)
            canvas.text(x + 11, y - 1, words, size=12, fill=SOFT)
            x += 32 + len(words) * 6.6


def _group(canvas: Canvas, stage: str, cards: Sequence[_Card], y: float, margin: float) -> float:
    width = _width(canvas, margin)
    canvas.path([(margin, y), (canvas.width - margin, y)], stroke="#e4e7eb", thick=1)
    y += 10
    canvas.text(margin, y + 20, stage, size=13, bold=True, fill=SOFT)
    for first in range(0, len(cards), _COLUMNS):
        row = cards[first : first + _COLUMNS]
        height = max(card.height for card in row)
        for nth, card in enumerate(row):
            _draw_card(canvas, card, Frame(margin + _MARGIN + nth * (width + _GUTTER), y, width, height))
        y += height + 10
    return y


def _card(rule: Escalation, lines: Lines, width: float) -> _Card:
    inner = width - 44
    return _Card(
        title=wrap(rule.title, 13, width - 90, most=2, bold=True),
        condition=wrap(rule.when.in_words(), _SIZE, inner),
        by_clock=rule.when.by_clock,
        rungs=[(_color(step), wrap(step_in_words(step), _SIZE, inner)) for step in rule.ladder],
        source=lines.at(f"escalations.{rule.id}").removeprefix("program.yaml:"),
    )


def _color(step: Step) -> str:
    match step.then:
        case Nudge():
            return _NUDGE
        case OpenCase(severity=severity):
            return _SEVERITIES[severity]
        case OfferRemedies():
            return _OFFER


def _draw_card(canvas: Canvas, card: _Card, frame: Frame) -> None:
    x, y, width, height = frame
    canvas.rect(x, y, width, height, fill=PANEL)
    baseline = canvas.lines(x + 12, y + 20, card.title, size=13, bold=True)
    if card.source:
        canvas.text(x + width - 12, y + 20, f"line {card.source}", size=10.5, fill=SOFT, anchor="end")
    if card.by_clock:
        canvas.clock(x + 18, baseline - 4)
    else:
        canvas.diamond(x + 18, baseline - 4, 10, 10, fill="#ffffff", stroke=SOFT)
    baseline = canvas.lines(x + 30, baseline, card.condition, size=_SIZE, fill=INK)
    before: float | None = None
    for color, rung in card.rungs:
        baseline += 3
        if before is not None:
            canvas.path([(x + 18, before + 6), (x + 18, baseline - 9)], stroke=SOFT, thick=1)
        canvas.circle(x + 18, baseline - 4, 5, fill=color)
        before = baseline - 4
        baseline = canvas.lines(x + 30, baseline, rung, size=_SIZE, fill=INK)
