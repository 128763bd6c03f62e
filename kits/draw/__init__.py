"""The diagram of a program, drawn from the kit that runs it, as SVG and as Mermaid."""

from kits.draw.live import Here, Live
from kits.draw.mermaid import mermaid
from kits.draw.picture import svg, svg_of_now

__all__ = ["Here", "Live", "mermaid", "svg", "svg_of_now"]
