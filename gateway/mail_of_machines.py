"""Mail that machines of the council's own write: which of it is voicemail, and which is scanned post."""

from __future__ import annotations

from channels.contract import RawMessage
from channels.email.door import Sort
from channels.letter import ScanBox
from channels.mailed_voicemail import VoicemailBox
from gateway.core import Core
from gateway.settings import Settings


def voicemail_box(core: Core) -> VoicemailBox:
    """Where a telephone system mails what was left on it."""
    settings = core.settings
    return VoicemailBox(clock=core.clock, mailbox=settings.voicemail_mailbox or "", senders=settings.voicemail_senders)


def scan_box(settings: Settings) -> ScanBox:
    """Where scanners mail post to."""
    return ScanBox(mailbox=settings.scan_mailbox or "", senders=settings.scanners)


def machines_write_to(settings: Settings) -> tuple[str, ...]:
    """Mailboxes that people are not told of."""
    return tuple(each for each in (settings.voicemail_mailbox, settings.scan_mailbox) if each)


def sorted_by_machine(core: Core) -> Sort:
    """What a machine mailed goes to its own channel; everything else stays a mail."""
    voicemail, scans = voicemail_box(core), scan_box(core.settings)

    def sort(raw: RawMessage) -> RawMessage:
        return scans.sorted(voicemail.sorted(raw))

    return sort
