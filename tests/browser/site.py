"""The service that the browser looks at."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    cookies: Mapping[str, str]
    """Of a browser that has logged in as ops."""
