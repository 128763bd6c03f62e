"""Parts of a kit that take one of several forms, each recognized by its first field."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Union

from pydantic import BaseModel, Discriminator, Tag


def one_of(forms: Sequence[type[BaseModel]], otherwise: str) -> Any:
    """The union of these forms, as the annotation of a field. No other form may have a field named like the first field
    of a form, so that errors are about the form that was meant; `otherwise` is the error if none is recognized."""
    by_name = {next(iter(form.model_fields)): form for form in forms}

    def form_of(value: object) -> str | None:
        fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
        return next((name for name in by_name if name in fields), None)

    tagged = tuple(Annotated[form, Tag(name)] for name, form in by_name.items())
    by_field = Discriminator(form_of, custom_error_type="kit", custom_error_message=otherwise)
    return Annotated[Union[tagged], by_field]  # noqa: UP007
