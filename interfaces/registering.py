"""Makes a Temporal namespace ready for journeys."""

from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from workflows.contract import SEARCH_ATTRIBUTES


async def register_search_attributes(client: Client) -> list[str]:
    """Registers those that are missing and returns their names. A workflow that sets an unknown one is stuck.

    Raises RPCError where this is not ours to do, as in Temporal Cloud, when some are missing: add them there by hand.
    """
    listing = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {key.name: _type(key) for key in SEARCH_ATTRIBUTES if key.name not in listing.custom_attributes}
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        await client.operator_service.add_search_attributes(request)
    return sorted(missing)


def _type(key: SearchAttributeKey[Any]) -> IndexedValueType.ValueType:
    return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{key.indexed_value_type.name}")
