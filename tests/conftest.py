"""Fixtures that all tests may ask for by name."""

pytest_plugins = ["tests.databases", "tests.temporal", "tests.commands"]
