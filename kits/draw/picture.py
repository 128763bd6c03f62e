"""The diagram as SVG: the stages in a row, below them the pathways on one time scale, then the escalations."""

from domain.kit import Kit
from kits.draw import escalations, pathways, stages
from kits.draw.canvas import INK, SOFT, Canvas, wrap
from kits.draw.live import Live
from kits.explain import summary

WIDTH = 1480
MARGIN = 40


def svg(kit: Kit) -> str:
    """The same kit gives the same bytes."""
    canvas = Canvas(WIDTH)
    y = _header(canvas, kit)
    y = stages.draw(canvas, kit, y, MARGIN)
    y = pathways.draw(canvas, kit, y + 34, MARGIN)
    y = escalations.draw(canvas, kit, y + 34, MARGIN)
    canvas.text(MARGIN, y + 20, f"Drawn from {kit.program} {kit.version}, {kit.digest[:12]}", size=11, fill=SOFT)
    return canvas.document(y + 44, f"{kit.title}: how the program runs", summary(kit))


def svg_of_now(kit: Kit, live: Live) -> str:
    """The stages and the pathways alone, with how many journeys are where."""
    canvas = Canvas(WIDTH)
    y = stages.draw(canvas, kit, 10, MARGIN, live)
    y = pathways.draw(canvas, kit, y + 34, MARGIN, live)
    return canvas.document(y + 14, f"{kit.title}: where everybody is", summary(kit))


def _header(canvas: Canvas, kit: Kit) -> float:
    canvas.text(MARGIN, 50, kit.title, size=26, bold=True, fill=INK)
    promise = f"Promises {kit.promise.audience[:1].lower()}{kit.promise.audience[1:]}: {kit.promise.outcome}"
    lines = wrap(promise, 14, WIDTH - 2 * MARGIN, most=2)
    return canvas.lines(MARGIN, 76, lines, size=14, fill=SOFT) + 8
