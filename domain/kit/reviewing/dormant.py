"""Fields of a kit that nothing acts on yet: they are stored, shown and compared, and change no journey."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.words import Place

DORMANT: Mapping[Place, str] = {
    ("customizable",): "no site is kept from changing the rest",
}
"""Each with what does not happen, in words. Whoever makes one of them work removes it here."""


def findings(kit: Kit) -> Iterator[Finding]:
    for place, what in DORMANT.items():
        if _written(kit, place):
            says = f"nothing acts on `{'.'.join(map(str, place))}` yet: {what}"
            yield Finding(place, says, "keep it for people to read, or remove it", grave=False)


def _written(model: BaseModel, place: Place) -> bool:
    first, *further = place
    if first not in model.model_fields_set:
        return False
    return not further or _written(getattr(model, str(first)), tuple(further))
