"""Texts by GOV.UK Notify."""

from __future__ import annotations

from channels.contract import AddressClass, DeliveryReport, Outgoing, SendError, SendFailed
from channels.notify.account import NotifyAccount
from channels.notify.templates import TEXT, Template
from channels.numbers import address_of


class NotifyTexts:
    """Our words through a template that is nothing but ``((body))``; the notice's id is the reference there."""

    name = "sms"

    def __init__(self, account: NotifyAccount, *, template_id: str | None = None) -> None:
        self._account, self._template = account, Template(account, TEXT, known_id=template_id)

    async def send(self, notice: Outgoing) -> str:
        """Text one notice, to mobiles only; returns the service's id, raises ``SendFailed`` or ``SendUnknown``."""
        if notice.address.kind is not AddressClass.MOBILE or address_of(notice.address.value) != notice.address:
            raise SendFailed(error=SendError.BAD_ADDRESS, reason="not a mobile number")
        template = await self._template.id()
        try:
            return await self._account.send(
                lambda client: client.send_sms_notification(
                    phone_number=notice.address.value,
                    template_id=template,
                    personalisation={"body": notice.text},
                    reference=notice.notice_id,
                )
            )
        except SendFailed as error:
            if error.error is SendError.NOT_SET_UP:
                self._template.forget()
            raise

    async def find(self, notice: Outgoing) -> str | None:
        """The id of a text whose sending ended in ``SendUnknown``; ConnectionError while it cannot be asked for."""
        return await self._account.find(notice.notice_id)

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of a text; ConnectionError while it cannot be asked for."""
        return await self._account.track(provider_id)
