"""Gives tests the parts of the machine they ask for, and skips by name where a part is missing."""

pytest_plugins = ["tests.postgres", "tests.missing_parts"]
