"""Letters by GOV.UK Notify: our finished page, printed and posted by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import BytesIO

from channels.contract import DeliveryReport, DeliveryState, Outgoing, Sender
from channels.notify.account import NotifyAccount
from channels.notify.api_key import is_uuid


class NotifyLetters:
    """``render`` makes the page with its address where the service looks for it.

    A letter without a postal address goes ``otherwise``: into the print folder, where a person addresses it.
    """

    name = "letter"

    def __init__(self, account: NotifyAccount, *, render: Callable[[Outgoing], bytes], otherwise: Sender) -> None:
        self._account, self._render, self._otherwise = account, render, otherwise

    async def send(self, notice: Outgoing) -> str:
        """Have one letter posted; returns an id or a file's name, raises ``SendFailed`` or ``SendUnknown``."""
        if not notice.address.value.strip():
            return await self._otherwise.send(notice)
        page = await asyncio.to_thread(self._render, notice)
        return await self._account.send(
            lambda client: client.send_precompiled_letter_notification(
                reference=notice.notice_id, pdf_file=BytesIO(page)
            )
        )

    async def find(self, notice: Outgoing) -> str | None:
        """The id of a letter whose sending ended in ``SendUnknown``; ConnectionError while it cannot be asked for."""
        return await self._account.find(notice.notice_id) if notice.address.value.strip() else None

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of a letter; of one in the print folder nothing more is ever heard."""
        if not is_uuid(provider_id):
            return DeliveryReport(provider_id=provider_id, state=DeliveryState.SENT, is_final=True)
        return await self._account.track(provider_id)
