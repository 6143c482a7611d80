"""The office over the gateway of the test."""

from __future__ import annotations

import pytest

from gateway.core import Core
from tests.gateway.office import Office


@pytest.fixture
def office(core: Core) -> Office:
    """Its routes, with nobody signed in."""
    return Office(core)
