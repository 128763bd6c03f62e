"""Reads the JSON of kits that were published by this version of Trellis or an older one."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from domain.kit.formats import UNNUMBERED, upcast
from domain.kit.kit import PUBLISHED, Kit


def read(content: Mapping[str, Any]) -> Kit:
    """A published kit, upcast from the format that it was published in.

    It was checked when it was published, and is not checked again by today's rules: its journeys go on, whatever new
    kits are refused for.

    Raises:
        UnknownFormat: when a newer Trellis published it.
        pydantic.ValidationError: when it does not have the form of a kit, which is a missing upcaster.
    """
    return Kit.model_validate(upcast(content, unless_said=UNNUMBERED), context=PUBLISHED)


def _read(value: Any) -> Any:
    return read(value) if isinstance(value, Mapping) else value


StoredKit = Annotated[Kit, BeforeValidator(_read)]
"""A published kit as part of something else that is stored, such as the input of a workflow."""
