"""What climbs the ladder of the test's gateway."""

from __future__ import annotations

import pytest

from gateway.climbing import Climbing
from gateway.core import Core
from gateway.wiring import wire_climbing


@pytest.fixture
def climbing(core: Core) -> Climbing:
    """As the watch runs it each minute."""
    return wire_climbing(core)
