"""What the operations of `names` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api.model import Model


class KitTitles(Model):
    version: str
    titles: dict[str, str]


class PersonName(Model):
    id: str
    name: str
