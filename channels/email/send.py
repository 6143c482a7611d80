"""Sends a notice by mail: one address, one attempt, and an honest word about what became of it."""

from __future__ import annotations

from channels.contract import AddressClass, Outgoing, SendError, SendFailed
from channels.email.compose import notice_as_mail
from channels.email.envelope import for_any_relay
from channels.email.fields import written_address
from channels.email.own import Own
from channels.email.relay import Relay
from channels.email.signing import Signing


async def send_notice(
    notice: Outgoing, *, own: Own, organisation: str, relay: Relay | None, signing: Signing | None = None
) -> str:
    """The Message-ID without angle brackets, once the relay has the mail; raises ``SendFailed`` or ``SendUnknown``."""
    recipient = for_any_relay(written_address(notice.address.value))
    if notice.address.kind is not AddressClass.EMAIL or not recipient:
        raise SendFailed(error=SendError.BAD_ADDRESS, reason="not an address that mail can be sent to")
    if own.is_own_address(recipient):
        raise SendFailed(error=SendError.BAD_ADDRESS, reason="the address is one of ours")
    if relay is None:
        raise SendFailed(error=SendError.NOT_SET_UP, reason="no relay is set")
    try:
        mail = notice_as_mail(notice, own=own, organisation=organisation)
        mail = signing.signed(mail) if signing else mail
    except (ValueError, LookupError, IndexError) as error:
        why = f"no mail could be made for it: {type(error).__name__}"
        raise SendFailed(error=SendError.NOT_TAKEN, reason=why) from None
    await relay.hand_over(
        mail, sender=own.bounce_address(notice.notice_id), recipient=recipient, mark=own.loop_mark(notice.notice_id)
    )
    return own.message_id(notice.notice_id)
