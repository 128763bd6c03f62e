"""How events that were stored by older versions read today.

To change the stored form of an event: raise its `schema_version`, add the function from the version before here, and
keep the golden file of every version. An upcaster is pure, and one step: (type, n) leads to version n + 1.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
