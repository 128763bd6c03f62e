"""The client that is awaited."""

from client.api.async_operations import AsyncOperations


class AsyncTrellis(AsyncOperations):
    """The client that is awaited, with the same methods as `Trellis`."""
