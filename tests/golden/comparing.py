"""Whether what was read and written again still says what was stored."""

from typing import Any


def said_otherwise(old: Any, new: Any, place: str = "$") -> list[str]:
    """Where the new JSON does not say what the old one says; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            one
            for name in old
            for one in (said_otherwise(old[name], new[name], f"{place}.{name}") if name in new else [f"{place}.{name}"])
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            one
            for nth, pair in enumerate(zip(old, new, strict=True))
            for one in said_otherwise(*pair, f"{place}[{nth}]")
        ]
    return [] if old == new else [place]
