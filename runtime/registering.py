"""Makes a Temporal namespace ready for journeys."""

from collections.abc import Iterable
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from runtime.server_problems import NotReadyError
from workflows.contract import SEARCH_ATTRIBUTES

_NOT_OURS = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED}


async def register_search_attributes(client: Client) -> list[str]:
    """Registers those that are missing and returns their names. A workflow that sets an unknown one is stuck.

    Raises NotReadyError where one is registered with another type, where there is no room for more, and where this is
    not ours to do, as in Temporal Cloud; RPCError when Temporal does not answer.
    """
    try:
        missing = await _missing(client)
        if missing:
            types = {key.name: _type(key) for key in missing}
            request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
            await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status in _NOT_OURS:
            raise NotReadyError("Temporal", _by_hand(client, error.message)) from error
        if error.status in {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION}:
            raise NotReadyError("Temporal", _no_room(client, missing, error.message)) from error
        raise
    return sorted(key.name for key in missing)


async def require_search_attributes(client: Client) -> None:
    """Raises NotReadyError when journeys would be stuck for want of one. Asks no more where that is not ours to see."""
    try:
        missing = await _missing(client)
    except RPCError as error:
        if error.status in _NOT_OURS:
            return
        raise
    if missing:
        raise NotReadyError(
            "Temporal",
            f"namespace {client.namespace!r} lacks the search attributes {_listed(missing)}: "
            "`trellis migrate` registers them",
            may_pass=True,
        )


async def _missing(client: Client) -> list[SearchAttributeKey[Any]]:
    listing = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    there = listing.custom_attributes
    for key in SEARCH_ATTRIBUTES:
        if key.name in there and there[key.name] != _type(key):
            raise NotReadyError("Temporal", _of_another_type(client, key, there[key.name]))
    return [key for key in SEARCH_ATTRIBUTES if key.name not in there]


def _of_another_type(client: Client, key: SearchAttributeKey[Any], found: IndexedValueType.ValueType) -> str:
    remove = f"temporal operator search-attribute remove --namespace {client.namespace} --name {key.name}"
    return (
        f"search attribute {key.name} of namespace {client.namespace!r} is a {_word(found)}, and journeys need a "
        f"{_word(_type(key))}. Remove it with `{remove}`, and run `trellis migrate`"
    )


def _no_room(client: Client, missing: Iterable[SearchAttributeKey[Any]], said: str) -> str:
    return (
        f"namespace {client.namespace!r} has no room for the search attributes {_listed(missing)}: {said.rstrip('.')}. "
        "Remove some that nobody uses with `temporal operator search-attribute remove`, and run `trellis migrate`"
    )


def _by_hand(client: Client, said: str) -> str:
    return (
        f"this account may not register search attributes in namespace {client.namespace!r} ({said.rstrip('.')}). "
        f"Somebody who may must add {_listed(SEARCH_ATTRIBUTES)}"
    )


def _listed(keys: Iterable[SearchAttributeKey[Any]]) -> str:
    return ", ".join(f"{key.name} ({_word(_type(key))})" for key in keys)


def _type(key: SearchAttributeKey[Any]) -> IndexedValueType.ValueType:
    return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{key.indexed_value_type.name}")


def _word(kind: IndexedValueType.ValueType) -> str:
    """As `temporal operator search-attribute create --type` takes it."""
    return "".join(part.capitalize() for part in IndexedValueType.Name(kind).split("_")[3:])
