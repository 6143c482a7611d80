"""The mail door, open on a free port, with an honest small intake behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from channels.email.door import MailDoor
from tests.channels.email.northshire import email_channel
from tests.channels.keeping import Keeping


@dataclass(kw_only=True)
class OpenDoor:
    door: MailDoor
    keeping: Keeping

    @property
    def port(self) -> int:
        return self.door.port


@pytest.fixture
async def front() -> AsyncIterator[OpenDoor]:
    keeping = Keeping()
    door = email_channel().door(keeping)
    assert door is not None
    await door.open()
    yield OpenDoor(door=door, keeping=keeping)
    await door.close()
