"""A kit with some values changed: `escalations.quiet.when.no_activity_for=10 days`. For trying things out.

A path has the names of fields, and in lists the id of an entry or its place, from 0. A value is written as in YAML.
"""

from collections.abc import Iterable
from typing import Any

import yaml
from pydantic import ValidationError

from domain.kit import Kit
from domain.words import plain


class SettingError(Exception):
    """A value cannot be set; the message says why, and what can be."""


def with_values(kit: Kit, settings: Iterable[str]) -> Kit:
    """The kit with each PATH=VALUE set, checked as a whole.

    Raises:
        SettingError: when a path leads nowhere, or the kit does not hold together with the value.
    """
    content = kit.model_dump(mode="json")
    settings = list(settings)
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path:
            raise SettingError(f"{setting!r} is not PATH=VALUE; write for instance {_EXAMPLE}")
        _set(content, path, _read(setting, value))
    try:
        return Kit.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(one) for one in first["loc"])
        raise SettingError(
            f"{'; '.join(settings)}: {place}: {plain(first['msg']).removeprefix('Value error, ')}"
        ) from None


_EXAMPLE = "'escalations.quiet.when.no_activity_for=10 days'"


def _read(setting: str, value: str) -> Any:
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError:
        raise SettingError(f"{setting!r}: the value is not YAML; put it into quotes") from None


def _set(content: Any, path: str, value: Any) -> None:
    *way, last = path.split(".")
    at = content
    for nth, name in enumerate(way):
        at = at[_key(at, name, ".".join(way[:nth]))]
    if isinstance(at, dict):
        at[last] = value
    else:
        at[_key(at, last, ".".join(way))] = value


def _key(at: Any, name: str, where: str) -> Any:
    """Raises SettingError, with the names that there are."""
    known = _names(at)
    if name in known:
        return known[name]
    there = f"in {where} " if where else ""
    what = f"there are: {', '.join(known)}" if known else "there is nothing below it"
    raise SettingError(f"there is no {name!r} {there}of this kit; {what}")


def _names(at: Any) -> dict[str, Any]:
    """Of what lies below: the name by which it is called, and its key or place."""
    match at:
        case dict():
            return {str(name): name for name in at}
        case list():
            by_id = {str(one["id"]): nth for nth, one in enumerate(at) if isinstance(one, dict) and "id" in one}
            return by_id or {str(nth): nth for nth in range(len(at))}
        case _:
            return {}
