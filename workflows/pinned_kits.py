"""Kits are passed to workflows by digest: a history names its kit and never contains it. See docs/adr/0011.

A kit has tens of kilobytes and never changes under its digest. The payload of a `PinnedKit` is the digest alone. Before
a workflow receives a workflow task, the codec makes sure that this process holds the kit, if need be by reading it from
the store; the converter then gives every workflow the same parsed object.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic_core import from_json, to_json
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    EncodingPayloadConverter,
    PayloadCodec,
)

from domain.ids import KitDigest
from domain.kit import Kit
from domain.kit.cache import PARSED

LoadKit = Callable[[KitDigest], Awaitable[Kit]]
_ENCODING = "json/trellis-kit"


@dataclass(frozen=True, slots=True)
class PinnedKit:
    """A kit as activities return it to a workflow. Only the digest leaves the process."""

    digest: KitDigest
    kit: Kit


class _KitConverter(EncodingPayloadConverter):
    @property
    def encoding(self) -> str:
        return _ENCODING

    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, PinnedKit):
            return None
        PARSED.keep(value.digest, value.kit)
        return Payload(metadata={"encoding": _ENCODING.encode()}, data=to_json(value.digest))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> PinnedKit:  # noqa: ARG002
        digest = KitDigest(from_json(payload.data))
        kit = PARSED.get(digest)
        if kit is None:
            raise RuntimeError(f"kit {digest} was not loaded before its workflow: the worker lacks the codec of kits")
        return PinnedKit(digest, kit)


class JourneyPayloadConverter(CompositePayloadConverter):
    """Pydantic for everything, and kits by digest.

    What no type is declared for is handed over unread: the SDK drops a signal whose payload does not decode, and a
    command must leave a trace instead (workflows/handlers.py).

    Every workflow makes an instance. They share the converters below, whose type adapters are expensive.
    """

    _shared: ClassVar[Sequence[EncodingPayloadConverter]] = (
        _KitConverter(),
        *PydanticPayloadConverter().converters.values(),
    )

    def __init__(self) -> None:
        super().__init__(*self._shared)

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        if type_hints is None:
            return [RawValue(payload) for payload in payloads]
        return super().from_payloads(payloads, type_hints)


class _KitCodec(PayloadCodec):
    """Changes no payload. Loads the kits that are about to be decoded."""

    def __init__(self, load: LoadKit) -> None:
        self._load = load

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding") == _ENCODING.encode():
                digest = KitDigest(from_json(payload.data))
                if PARSED.get(digest) is None:
                    PARSED.keep(digest, await self._load(digest))
        return list(payloads)


def journey_converter(load: LoadKit) -> DataConverter:
    """The data converter for workers and replayers of journeys. `load` reads a published kit by its digest."""
    return DataConverter(payload_converter_class=JourneyPayloadConverter, payload_codec=_KitCodec(load))


def with_kits(client: Client, load: LoadKit) -> Client:
    """The same client with this data converter, for a worker that runs journeys."""
    config = client.config()
    config["data_converter"] = journey_converter(load)
    return Client(**config)
