"""The stages of every journey, the decisions between them, and the ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.kit import Kit
from domain.values import say_duration, together
from domain.words import by_role, plain
from kits.draw.canvas import DECISION, DECISION_EDGE, INK, PANEL, SOFT, Canvas, Frame, leading, wrap
from kits.draw.live import Live, count, mark
from kits.words import durations

_GAP = 54
_DIAMOND = 140
_MARKS = 10
"""Room for what is marked on the lower edge."""
_SIZE = 12
_BLUE = "#e3f0fb"
_ENDINGS = ("completed", "declined", "withdrawn", "ended_early")


@dataclass(frozen=True)
class _Stage:
    title: str
    lines: Sequence[tuple[bool, str]]
    """Each with whether the clock brings it about."""


def draw(canvas: Canvas, kit: Kit, y: float, margin: float, live: Live | None = None) -> float:
    """Returns the y at which the next part may begin."""
    asks = bool(kit.matching.asks)
    width = (canvas.width - 2 * margin - 2 * _DIAMOND - 6 * _GAP) / 5
    boxes = [_wrapped(one, width) for one in _stages(kit, live.endings if live else {})]
    height = max(34 + len(box.lines) * leading(_SIZE) for box in boxes) + (_MARKS if live else 0)
    top = y + 40
    middle = top + height / 2
    lefts, diamonds = _row(canvas, kit, boxes, Frame(margin, top, width, height))
    _labels(canvas, diamonds, middle, asks=asks)
    _back(canvas, (diamonds[0], middle - 42), (lefts[0] + width / 2, top), "more information")
    again = "declined, questioned or expired" if asks else "another is wanted"
    _back(canvas, (diamonds[1], middle - 42), (lefts[1] + width / 2, top), again)
    _back(canvas, (lefts[2] + width * 0.3, top), (lefts[2] + width * 0.7, top), "a new start")
    if live:
        _live(canvas, live, (lefts, diamonds), Frame(0, top, width, height), asks=asks)
    return _ways_out(canvas, kit, (lefts, diamonds), width, (top + height, middle))


def _row(canvas: Canvas, kit: Kit, boxes: Sequence[_Stage], first: Frame) -> tuple[list[float], list[float]]:
    """The stages with a decision after each of the first two. Returns the left of each stage, and the center of each
    decision."""
    x, middle = first.x, first.y + first.height / 2
    lefts: list[float] = []
    diamonds: list[float] = []
    for nth, box in enumerate(boxes):
        _box(canvas, box, first._replace(x=x))
        lefts.append(x)
        x += first.width
        if nth in (0, 1):
            center = x + _GAP + _DIAMOND / 2
            _decision(canvas, center, middle, ("read by", "ops") if nth == 0 else _asked(kit))
            diamonds.append(center)
            canvas.path([(x, middle), (center - _DIAMOND / 2, middle)], arrow=True)
            canvas.path([(center + _DIAMOND / 2, middle), (center + _DIAMOND / 2 + _GAP, middle)], arrow=True)
            x = center + _DIAMOND / 2 + _GAP
        elif nth < len(boxes) - 1:
            canvas.path([(x, middle), (x + _GAP, middle)], arrow=True)
            x += _GAP
    return lefts, diamonds


def _live(
    canvas: Canvas, live: Live, columns: tuple[Sequence[float], Sequence[float]], frame: Frame, *, asks: bool
) -> None:
    lefts, diamonds = columns
    for left, stage in zip(lefts, ("intake", "matching", "sessions", "wrap_up"), strict=False):
        mark(canvas, left + frame.width - 6, frame.y + frame.height, live.stages.get(stage))
    below = frame.y + frame.height / 2 + 31
    if live.reviews:
        count(canvas, diamonds[0], below, f"{live.reviews:,} to read")
    if asks and live.offers:
        count(canvas, diamonds[1], below, f"{live.offers:,} asked")


def _stages(kit: Kit, endings: Mapping[str, int]) -> list[_Stage]:
    levels, intake = kit.service_levels, kit.intake
    asked = len(intake.questions)
    first = [(False, f"{asked} question{'' if asked == 1 else 's'} for the learner")]
    first.append((True, f"given up after {say_duration(intake.within)}"))
    if intake.reminders:
        first.append((True, f"reminders after {durations(intake.reminders)}"))
    matching = [(True, f"ops find a mentor within {say_duration(levels.match)}")]
    if kit.matching.asks:
        matching.append((True, f"an offer stands for {say_duration(levels.offer)}"))
    longest = max(pathway.ends for pathway in kit.pathways)
    sessions = [(False, "each learner on one pathway, below")]
    sessions.append((True, f"at most {say_duration(longest)}"))
    if kit.monitoring:
        sessions.append((True, f"a check-in every {say_duration(kit.monitoring.check_in_every)}"))
    if any(one.milestones for one in kit.pathways):
        sessions.append((True, f"work reviewed within {say_duration(levels.milestone_review)}"))
    if levels.follow_up and any(one.sessions for one in kit.pathways):
        sessions.append((True, f"follow-up within {say_duration(levels.follow_up)}"))
    wrap_up = [(False, f"checklist of {len(kit.wrap_up.checklist)}")] if kit.wrap_up.checklist else []
    wrap_up.append((True, f"closes after {say_duration(levels.wrap_up)}"))
    return [
        _Stage("Intake", first),
        _Stage("Matching", matching),
        _Stage("Sessions", sessions),
        _Stage("Wrap-up", wrap_up),
        _Stage("Closed", [(False, _ending(one, endings)) for one in _ENDINGS]),
    ]


def _ending(one: str, endings: Mapping[str, int]) -> str:
    return f"{plain(one)}: {endings.get(one, 0):,}" if endings else plain(one)


def _wrapped(stage: _Stage, width: float) -> _Stage:
    lines = [
        (clock and not nth, line)
        for clock, text in stage.lines
        for nth, line in enumerate(wrap(text, _SIZE, width - 38))
    ]
    return _Stage(stage.title, lines)


def _box(canvas: Canvas, stage: _Stage, frame: Frame) -> None:
    x, y, width, height = frame
    closed = stage.title == "Closed"
    canvas.rect(x, y, width, height, fill=PANEL if closed else _BLUE, radius=18 if closed else 8)
    canvas.text(x + width / 2, y + 21, stage.title, size=15, bold=True, anchor="middle")
    baseline = y + 42
    for clock, line in stage.lines:
        if clock:
            canvas.clock(x + 15, baseline - 4)
        canvas.text(x + 26, baseline, line, size=_SIZE, fill=INK)
        baseline += leading(_SIZE)


def _decision(canvas: Canvas, x: float, y: float, lines: Sequence[str]) -> None:
    canvas.diamond(x, y, _DIAMOND, 84, fill=DECISION, stroke=DECISION_EDGE)
    canvas.lines(x, y + 4 - (len(lines) - 1) * 7.5, lines, size=11.5, anchor="middle")


def _asked(kit: Kit) -> Sequence[str]:
    if not kit.matching.asks:
        return ("match approved", "by ops")
    who = together(by_role(one) for one in kit.matching.asks)
    return (*wrap(who, 11, 88), "say yes" if len(kit.matching.asks) > 1 else "says yes")


def _labels(canvas: Canvas, diamonds: Sequence[float], middle: float, *, asks: bool) -> None:
    words = ("approved", "yes" if asks else "")
    for center, word in zip(diamonds, words, strict=True):
        canvas.text(center + _DIAMOND / 2 - 4, middle - 8, word, size=10.5, fill=SOFT)


def _back(
    canvas: Canvas,
    leaves: tuple[float, float],
    back_to: tuple[float, float],
    label: str,
) -> None:
    """An arrow from one shape back to an earlier one, over the top."""
    (start, start_y), (end, end_y) = leaves, back_to
    rail = end_y - 18
    canvas.path([(start, start_y), (start, rail), (end, rail), (end, end_y)], arrow=True)
    canvas.text((start + end) / 2, rail - 5, label, size=10.5, fill=SOFT, anchor="middle")


def _ways_out(
    canvas: Canvas,
    kit: Kit,
    columns: tuple[Sequence[float], Sequence[float]],
    width: float,
    heights: tuple[float, float],
) -> float:
    """The arrows below: to another mentor, and to the end."""
    (lefts, diamonds), (bottom, middle) = columns, heights
    first, second = bottom + 24, bottom + 50
    mentor = [(lefts[2] + width / 2, bottom), (lefts[2] + width / 2, first), (lefts[1] + width / 2, first)]
    canvas.path([*mentor, (lefts[1] + width / 2, bottom)], arrow=True)
    canvas.text(
        (lefts[1] + lefts[2]) / 2 + width / 2, first - 5, "another mentor", size=10.5, fill=SOFT, anchor="middle"
    )
    end = lefts[4] + width / 2
    canvas.path(
        [(lefts[0] + width / 2, bottom), (lefts[0] + width / 2, second), (end, second), (end, bottom)],
        dash="5 4",
        arrow=True,
    )
    canvas.clock(lefts[0] + width / 2 + 12, second - 10)
    canvas.text(lefts[0] + width / 2 + 22, second - 6, "not sent in", size=10.5, fill=SOFT)
    canvas.path([(diamonds[0], middle + 42), (diamonds[0], second)])
    canvas.text(diamonds[0] + 6, second - 6, "declined, with a reason", size=10.5, fill=SOFT)
    note = (
        "From every stage: the learner may withdraw, and ops may end the journey early, each with a reason. "
        f"A pause stops every clock, for at most {say_duration(kit.pausing.limit)}, and moves every date by its length."
    )
    canvas.text(lefts[0], second + 24, note, size=12, fill=SOFT)
    return second + 28
