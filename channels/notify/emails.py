"""Mail by GOV.UK Notify."""

from __future__ import annotations

import re
from collections.abc import Callable

from channels.contract import AddressClass, DeliveryReport, Outgoing, SendError, SendFailed
from channels.email.fields import written_address
from channels.notify.account import NotifyAccount
from channels.notify.templates import EMAIL, Template

HEADING = re.compile(r"^(\S.*)\n-{3,}$", re.MULTILINE)


class NotifyEmails:
    """Our words through a template of ``((subject))`` and ``((body))``; ``is_own`` tells addresses of ours.

    Such a mail cannot carry headers of ours, so it neither joins the sender's thread nor says that a machine wrote it.
    """

    name = "email"

    def __init__(
        self, account: NotifyAccount, *, is_own: Callable[[str], bool], template_id: str | None = None
    ) -> None:
        self._account, self._is_own = account, is_own
        self._template = Template(account, EMAIL, known_id=template_id)

    async def send(self, notice: Outgoing) -> str:
        """Mail one notice; returns the service's id, raises ``SendFailed`` or ``SendUnknown``."""
        recipient = written_address(notice.address.value)
        if notice.address.kind is not AddressClass.EMAIL or not recipient:
            raise SendFailed(error=SendError.BAD_ADDRESS, reason="not an address that mail can be sent to")
        if self._is_own(recipient):
            raise SendFailed(error=SendError.BAD_ADDRESS, reason="the address is one of ours")
        template = await self._template.id()
        try:
            return await self._account.send(
                lambda client: client.send_email_notification(
                    email_address=recipient,
                    template_id=template,
                    personalisation={"subject": notice.subject, "body": marked_up(notice.text)},
                    reference=notice.notice_id,
                )
            )
        except SendFailed as error:
            if error.error is SendError.NOT_SET_UP:
                self._template.forget()
            raise

    async def find(self, notice: Outgoing) -> str | None:
        """The id of a mail whose sending ended in ``SendUnknown``; ConnectionError while it cannot be asked for."""
        return await self._account.find(notice.notice_id)

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of a mail; ConnectionError while it cannot be asked for."""
        return await self._account.track(provider_id)


def marked_up(text: str) -> str:
    """Underlined headings as the service marks them, ``# Heading``; lists and paragraphs are written alike."""
    return HEADING.sub(r"# \1", text)
