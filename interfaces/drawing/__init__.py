"""The one diagram of a program, drawn from the kit that runs it: as SVG, and as Mermaid."""

from interfaces.drawing.mermaid import mermaid
from interfaces.drawing.picture import svg

__all__ = ["mermaid", "svg"]
