"""A twin of GOV.UK Notify and an account at it, for every test here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.contract import Address, AddressClass, Outgoing
from channels.notify import NotifyAccount
from channels.notify.api_key import api_key
from tests.channels.notify.twin import NotifyTwin

MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
MAIL = Address(kind=AddressClass.EMAIL, value="a@example.org")
HOME = Address(kind=AddressClass.POSTAL, value="A Example\n3 High Street\nNorthtown\nNT1 2AB")


@pytest.fixture
async def twin() -> AsyncIterator[NotifyTwin]:
    """The account as the service has it."""
    async with NotifyTwin() as opened:
        yield opened


@pytest.fixture
async def account(twin: NotifyTwin) -> AsyncIterator[NotifyAccount]:
    """The account as the gateway has it; a tenth of the usual patience."""
    opened = NotifyAccount(api_key(twin.key), api_url=twin.url, timeout=0.5)
    yield opened
    await opened.close()


def a_notice(address: Address = MOBILE, **given: Any) -> Outgoing:
    """Something to send."""
    values: dict[str, Any] = {
        "notice_id": "notice-1", "reference": "KMR-4729-HX", "kind": "receipt", "subject": "We have your message",
        "text": "Thanks, we have your message. Ref KMR-4729-HX.", "written_at": datetime(2026, 11, 23, 10, tzinfo=UTC),
    } | given  # fmt: skip
    return Outgoing(address=address, **values)
