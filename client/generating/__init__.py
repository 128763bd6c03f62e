"""Writes the operations and models of `client/api` from the OpenAPI document: `make client`."""
