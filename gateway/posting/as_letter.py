"""A notice as the letter that is printed: the same page whether it is sent, printed in a run or printed again."""

from __future__ import annotations

from channels.contract import Outgoing, SendFailed
from gateway import working_days
from gateway.core import Core
from gateway.letter_pdf import CannotPrint, Envelope, render_letter


def as_letter(core: Core, notice: Outgoing, envelope: Envelope = Envelope.OURS) -> bytes:
    """Its PDF; raises ``SendFailed`` for one that cannot be printed, which becomes a person's."""
    try:
        return render_letter(
            notice.text, organisation=core.settings.organisation, return_address=core.settings.address,
            recipient=notice.address.value, reference=notice.reference,
            date=working_days.in_london(notice.written_at).date(), notice_id=notice.notice_id,
            large_print=notice.large_print, envelope=envelope,
        )  # fmt: skip
    except CannotPrint as error:
        raise SendFailed(permanent=True, reason="the letter could not be printed") from error
