"""The search attributes that journeys need, registered in or required of a Temporal namespace."""

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
    """Registers the missing ones and returns their names. A workflow that sets an unknown attribute gets stuck.

    Raises NotReadyError where one is registered with another type, where the limit is reached, and where this account
    may not register any, as in Temporal Cloud; RPCError when Temporal does not answer.
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
    """Raises NotReadyError when one is missing. Passes where the account may not list them."""
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
            "register them with `trellis migrate`",
            retryable=True,
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
        f"search attribute {key.name} of namespace {client.namespace!r} has the type {_word(found)}, and journeys need "
        f"{_word(_type(key))}. Remove it with `{remove}`, then run `trellis migrate`"
    )


def _no_room(client: Client, missing: Iterable[SearchAttributeKey[Any]], said: str) -> str:
    return (
        f"namespace {client.namespace!r} has no room for the search attributes {_listed(missing)}: {said.rstrip('.')}. "
        "Remove unused ones with `temporal operator search-attribute remove`, then run `trellis migrate`"
    )


def _by_hand(client: Client, said: str) -> str:
    return (
        f"this account may not register search attributes in namespace {client.namespace!r} ({said.rstrip('.')}). "
        f"Ask an administrator to add {_listed(SEARCH_ATTRIBUTES)}"
    )


def _listed(keys: Iterable[SearchAttributeKey[Any]]) -> str:
    return ", ".join(f"{key.name} ({_word(_type(key))})" for key in keys)


def _type(key: SearchAttributeKey[Any]) -> IndexedValueType.ValueType:
    return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{key.indexed_value_type.name}")


def _word(kind: IndexedValueType.ValueType) -> str:
    """The name that `temporal operator search-attribute create --type` expects."""
    return "".join(part.capitalize() for part in IndexedValueType.Name(kind).split("_")[3:])
