"""Upcasters: how events that older versions stored are read today.

To change the stored form of an event, raise its `schema_version`, add the upcaster from the version before here, and
keep the golden files of all versions. An upcaster is a pure function; that of (type, n) leads to version n + 1.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


def _gained_optional_fields(data: dict[str, Any]) -> dict[str, Any]:
    """The next version only added fields that have defaults."""
    return data


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    (kind, 1): _gained_optional_fields
    for kind in (
        "journey.intake_approved",  # reason
        "journey.offer_accepted",  # reason
        "journey.session_prepared",  # goal, artifact
        "journey.milestone_submitted",  # link, note
        "journey.mentor_released",  # handover
        "journey.closed",  # done
        "journey.remedy_chosen",  # until
    )
}
