"""Another value in a kit, for one rehearsal, as in `capacity.learners_per_mentor=8`."""

from typing import Any

import yaml
from pydantic import ValidationError

from domain.kit import Kit


class CannotBeSet(Exception):
    """A path that leads nowhere, or a value that does not fit there. The message says so, and what there is."""


def changed_kit(kit: Kit, *settings: str) -> Kit:
    """The kit with other values, each written `PATH=VALUE`; a part of a list is named by its id.

    Raises CannotBeSet.
    """
    content: dict[str, Any] = kit.model_dump(mode="json")
    for one in settings:
        path, found, value = one.partition("=")
        if not found:
            raise CannotBeSet(f"{one!r} has no value; write PATH=VALUE, as in {_EXAMPLE}")
        _set(content, path.strip().split("."), _read(path, value))
    try:
        return Kit.model_validate(content | {"texts": kit.texts})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the kit"
        raise CannotBeSet(f"{where}: {first['msg']}; {', '.join(settings)} cannot be") from None


_EXAMPLE = "capacity.learners_per_mentor=8"


def _read(path: str, value: str) -> Any:
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError:
        raise CannotBeSet(f"the value of {path!r} cannot be read; write it as in a kit") from None


def _set(content: Any, path: list[str], value: Any, walked: tuple[str, ...] = ()) -> None:
    name, *rest = path
    place = _place(content, name, walked)
    if rest:
        _set(content[place], rest, value, (*walked, name))
    else:
        content[place] = value


def _place(content: Any, name: str, walked: tuple[str, ...]) -> Any:
    """The key, or the number of the part with this id. Raises CannotBeSet."""
    if isinstance(content, dict) and name in content:
        return name
    if isinstance(content, list):
        ids = [str(one.get("id", nth)) if isinstance(one, dict) else str(nth) for nth, one in enumerate(content)]
        if name in ids:
            return ids.index(name)
        there = ids
    else:
        there = sorted(content) if isinstance(content, dict) else []
    at = ".".join(walked) or "the kit"
    says = f"{at} has: {', '.join(there)}" if there else f"{at} is a single value"
    raise CannotBeSet(f"{name!r} is not in {at}; {says}")
