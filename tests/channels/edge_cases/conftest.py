"""One line for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.edge_cases.line import Line, a_line


@pytest.fixture
async def line(tmp_path: Path, database_url: str) -> AsyncIterator[Line]:
    """A gateway behind the pretend provider."""
    async with a_line(tmp_path, database_url) as opened:
        yield opened
