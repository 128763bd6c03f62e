"""Every projection that there is: those that the files of `projections/views` define."""

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module

from projections import views
from projections.journeys import JourneyView, JourneyViews
from projections.projection import Projection


def _defined() -> Iterator[type]:
    for module in pkgutil.iter_modules(views.__path__, f"{views.__name__}."):
        found = import_module(module.name)
        yield from (one for one in vars(found).values() if isinstance(one, type) and one.__module__ == module.name)


_KINDS = tuple(_defined())

JOURNEY_VIEWS: tuple[JourneyView, ...] = tuple(kind() for kind in _KINDS if issubclass(kind, JourneyView))
"""The views of the present state of journeys. One fold makes the rows of all of them."""

PROJECTIONS: Mapping[str, Projection] = {
    projection.name: projection
    for projection in (
        JourneyViews(JOURNEY_VIEWS),
        *(kind() for kind in _KINDS if issubclass(kind, Projection)),
    )
}
