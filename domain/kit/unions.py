"""Parts of a kit that take one of several forms, each told by its first field."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Union

from pydantic import BaseModel, Discriminator, Tag


def one_of(forms: Sequence[type[BaseModel]], otherwise: str) -> Any:
    """The union of these forms, for a model to annotate a field with. No other form has a field of the name that the
    first of each has, so that an error is about the form that was meant; `otherwise` is said where none is told."""
    by_name = {next(iter(form.model_fields)): form for form in forms}

    def told(value: object) -> str | None:
        fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
        return next((name for name in by_name if name in fields), None)

    tagged = tuple(Annotated[form, Tag(name)] for name, form in by_name.items())
    said = Discriminator(told, custom_error_type="kit", custom_error_message=otherwise)
    return Annotated[Union[tagged], said]  # noqa: UP007
