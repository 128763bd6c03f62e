"""Every projection that there is. A new view is a file of its own, and a line here."""

from collections.abc import Mapping

from projections.board import Board
from projections.projection import Projection
from projections.timeline import Timeline

PROJECTIONS: Mapping[str, Projection] = {projection.name: projection for projection in (Board(), Timeline())}
