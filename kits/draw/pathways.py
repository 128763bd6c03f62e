"""The pathways, each a line on a common time scale, with sessions above it and milestones below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.kit import Kit, Milestone, Mode, Pathway, Session
from domain.values import say_duration
from domain.words import plain
from kits.draw.canvas import DECISION, DECISION_EDGE, INK, LINE, SOFT, Canvas, Frame, leading, width_of, wrap
from kits.draw.live import Here, Live, mark
from kits.words import routed_by

_MODES: dict[Mode, tuple[str, str]] = {
    "cohort": ("C", "#1f6feb"),
    "office_hours": ("O", "#7a4fc9"),
    "asynchronous": ("A", "#52606d"),
    "guided_review": ("G", "#1a7f4b"),
    "hybrid": ("H", "#b3541e"),
}
_MILESTONE = "#a4282f"
_LEFT = 270
_SIZE = 11
_LABEL = 104
_APART = 20
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class _Label:
    """The label of a session or milestone; `level` keeps it clear of its neighbors."""

    x: float
    center: float
    lines: Sequence[str]
    level: int


def draw(canvas: Canvas, kit: Kit, y: float, margin: float, live: Live | None = None) -> float:
    """Returns the y at which the next part may begin."""
    canvas.text(margin, y, "Pathways", size=16, bold=True)
    _legend(canvas, kit, margin + 110, y)
    left, right = margin + _LEFT, canvas.width - margin - 40
    longest = max(pathway.ends for pathway in kit.pathways)
    y = _scale(canvas, longest, left, right, y + 30)
    top = y
    before, canvas.parts = canvas.parts, []
    for pathway in kit.pathways:
        here = live.pathways.get(pathway.id, Here()) if live else None
        y = _lane(canvas, kit, pathway, Frame(left, y, (right - left) * (pathway.ends / longest), 0), here)
    lanes, canvas.parts = canvas.parts, before  # the lines of the weeks go below them
    for week in _weeks(longest):
        x = left + (right - left) * (week * _WEEK / longest)
        canvas.path([(x, top - 4), (x, y - 8)], stroke="#e4e7eb", thick=1)
    canvas.parts += lanes
    return y


def _legend(canvas: Canvas, kit: Kit, x: float, y: float) -> None:
    used = {session.mode for pathway in kit.pathways for session in pathway.sessions}
    for mode, (letter, color) in _MODES.items():
        if mode in used:
            _marker(canvas, x + 9, y - 5, letter, color)
            canvas.text(x + 23, y - 1, plain(mode), size=12, fill=SOFT)
            x += 38 + width_of(plain(mode), 12)
    if any(pathway.milestones for pathway in kit.pathways):
        canvas.diamond(x + 9, y - 5, 16, 16, fill=_MILESTONE)
        canvas.text(x + 23, y - 1, "milestone", size=12, fill=SOFT)
        x += 38 + width_of("milestone", 12)
    canvas.diamond(x + 9, y - 5, 18, 14, fill=DECISION, stroke=DECISION_EDGE)
    canvas.text(x + 23, y - 1, "decision", size=12, fill=SOFT)
    x += 38 + width_of("decision", 12)
    canvas.clock(x + 9, y - 5)
    canvas.text(x + 20, y - 1, "comes by itself", size=12, fill=SOFT)


def _scale(canvas: Canvas, longest: timedelta, left: float, right: float, y: float) -> float:
    for week in _weeks(longest):
        x = left + (right - left) * (week * _WEEK / longest)
        canvas.text(x, y, "start" if week == 0 else f"week {week}", size=_SIZE, fill=SOFT, anchor="middle")
    return y + 10


def _weeks(longest: timedelta) -> range:
    """Those that are marked on the scale: at most as many as fit."""
    weeks = int(longest / _WEEK)
    step = next(step for step in (1, 2, 4, 13, 26, 52, 1000) if weeks / step <= 14)
    return range(0, weeks + 1, step)


@dataclass(frozen=True)
class _Lane:
    """What is on the line of a pathway, in the order of time, each with its label."""

    sessions: Sequence[tuple[Session, _Label]]
    milestones: Sequence[_Label]

    @property
    def room_above(self) -> float:
        return _room([label for _, label in self.sessions]) + 16

    @property
    def room_below(self) -> float:
        return _room(self.milestones) + 16


def _lane(canvas: Canvas, kit: Kit, pathway: Pathway, frame: Frame, here: Here | None) -> float:
    """The frame is as wide as the line, and as high as what is on it needs; returns where it ends."""
    left, y, right, margin = frame.x, frame.y, frame.right, frame.x - _LEFT
    lane = _laid_out(pathway, left, right)
    card = _card_lines(kit, pathway)
    height = max(lane.room_above + lane.room_below + 12, sum(leading(size) for _, size, _, _ in card) + 24)
    line = y + 6 + max(lane.room_above, height - 12 - lane.room_below)
    _card(canvas, card, Frame(margin, y, _LEFT - 60, height - 8))
    mark(canvas, margin + _LEFT - 66, y + height - 8, here)
    canvas.path([(margin + _LEFT - 60, line), (left - 12, line)], arrow=True)
    canvas.path([(left, line), (right, line)], stroke=INK, thick=2.5)
    canvas.rect(right - 2, line - 9, 5, 18, fill=INK, stroke=INK, radius=1)
    _draw_sessions(canvas, lane.sessions, line)
    _draw_milestones(canvas, lane.milestones, line)
    return y + height + 8


def _laid_out(pathway: Pathway, left: float, right: float) -> _Lane:
    sessions = sorted(pathway.sessions, key=lambda one: one.after)
    milestones = sorted(pathway.milestones, key=lambda one: one.due)
    places = _spread(pathway, left, right)
    above = [(places[one.id], wrap(one.title, _SIZE, _LABEL, most=2)) for one in sessions]
    below = [(places[_due(one.id)], _milestone_lines(one)) for one in milestones]
    labels = _placed(above, left, right)
    return _Lane(list(zip(sessions, labels, strict=True)), _placed(below, left, right))


def _milestone_lines(one: Milestone) -> Sequence[str]:
    return [*wrap(one.title, _SIZE, _LABEL + 30, most=2), f"due after {say_duration(one.due)}"]


def _draw_sessions(canvas: Canvas, sessions: Sequence[tuple[Session, _Label]], line: float) -> None:
    labels = [label for _, label in sessions]
    for session, label in sessions:
        letter, color = _MODES[session.mode]
        base = line - 16 - _lift(labels, label.level)
        if label.level:
            canvas.path([(label.x, line), (label.x, base + 3)], stroke=LINE, thick=1)
        first = base - (len(label.lines) - 1) * leading(_SIZE)
        canvas.lines(label.center, first, label.lines, size=_SIZE, anchor="middle", halo=True)
        _marker(canvas, label.x, line, letter, color)


def _draw_milestones(canvas: Canvas, labels: Sequence[_Label], line: float) -> None:
    for label in labels:
        base = line + 24 + _lift(labels, label.level)
        if label.level:
            canvas.path([(label.x, line), (label.x, base - 10)], stroke=LINE, thick=1)
        *title, due = label.lines
        canvas.lines(label.center, base, title, size=_SIZE, anchor="middle", halo=True)
        last = base + (len(label.lines) - 1) * leading(_SIZE)
        canvas.text(label.center, last, due, size=10, fill=SOFT, anchor="middle", halo=True)
        canvas.diamond(label.x, line, 17, 17, fill=_MILESTONE, stroke="#ffffff")


def _spread(pathway: Pathway, left: float, right: float) -> dict[str, float]:
    """The x of everything on the line: by its time, and no two on top of each other."""
    times = [(one.after, one.id) for one in pathway.sessions]
    times += [(one.due, _due(one.id)) for one in pathway.milestones]
    places: dict[str, float] = {}
    free = left
    for at, name in sorted(times):
        places[name] = max(left + (right - left) * (at / pathway.ends if pathway.ends else 0), free)
        free = places[name] + _APART
    return places


def _due(milestone: str) -> str:
    """A milestone may have the same id as a session."""
    return f"due {milestone}"


def _placed(those: Sequence[tuple[float, Sequence[str]]], left: float, right: float) -> list[_Label]:
    """Each label on the lowest level where it is free of those before it."""
    ends: list[float] = []
    placed = []
    for x, lines in those:
        half = max(width_of(line, _SIZE) for line in lines) / 2
        center = min(max(x, left + half - 10), right - half + 30)
        level = next((nth for nth, end in enumerate(ends) if end + 8 <= center - half), len(ends))
        ends[level : level + 1] = [center + half]
        placed.append(_Label(x, center, lines, level))
    return placed


def _lift(labels: Sequence[_Label], level: int) -> float:
    """How much room the levels nearer to the line take."""
    return sum(_thickness(labels, lower) for lower in range(level))


def _room(labels: Sequence[_Label]) -> float:
    return _lift(labels, 1 + max((one.level for one in labels), default=-1))


def _thickness(labels: Sequence[_Label], level: int) -> float:
    return max(len(one.lines) for one in labels if one.level == level) * leading(_SIZE) + 4


def _card_lines(kit: Kit, pathway: Pathway) -> list[tuple[str, float, bool, str]]:
    width = _LEFT - 60 - 24
    ends = f"ends after {say_duration(pathway.ends)}"
    if pathway.ends_when_done:
        ends += ", or when all is done"
    said = ((pathway.title, 13.0, True, INK), (f"if {routed_by(kit, pathway)}", 11.0, False, INK))
    if not pathway.when:
        said = (said[0], (routed_by(kit, pathway), 11.0, False, INK))
    rest = ((f"mentor: {pathway.mentor_type}", 11.0, False, SOFT), (ends, 11.0, False, SOFT))
    return [
        (line, size, bold, fill)
        for text, size, bold, fill in (*said, *rest)
        for line in wrap(text, size, width, most=3, bold=bold)
    ]


def _card(canvas: Canvas, lines: Sequence[tuple[str, float, bool, str]], frame: Frame) -> None:
    x, y, width, height = frame
    canvas.rect(x, y, width, height, fill=DECISION, stroke=DECISION_EDGE)
    baseline = y + 20
    for line, size, bold, fill in lines:
        canvas.text(x + 12, baseline, line, size=size, bold=bold, fill=fill)
        baseline += leading(size)


def _marker(canvas: Canvas, x: float, y: float, letter: str, color: str) -> None:
    canvas.circle(x, y, 9, fill=color)
    canvas.text(x, y + 4, letter, size=11, bold=True, fill="#ffffff", anchor="middle")
