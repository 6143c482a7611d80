"""Which mails come from a scanner rather than from a person."""

from __future__ import annotations

import email.parser
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message

from channels.contract import Purpose, RawMessage
from channels.email.fields import mailboxes, raw_field
from channels.email.own import without_tag

STEP, FROM_SCANNER = "scanned", "from_scanner"
LONGEST_HEADER = 256 * 1024
_CARRIES_FILES = ("multipart/mixed", "multipart/related", "application/", "image/")


@dataclass(frozen=True, kw_only=True)
class ScanBox:
    """``mailbox`` is the address scanners mail to, or empty; ``senders`` are the addresses they mail from.

    A sender such as ``@printers.example.org`` stands for every address there. With a mailbox and senders, both must
    fit; with neither, no mail is a scanner's.
    """

    mailbox: str = ""
    senders: tuple[str, ...] = ()

    def sorted(self, raw: RawMessage) -> RawMessage:
        """A mail as the door keeps it, or the same bytes as post that a scanner mailed.

        Whether a person wrote something into it is seen when it is read.
        """
        if raw.purpose is not Purpose.MESSAGE or raw.channel != "email" or not (self.mailbox or self.senders):
            return raw
        if self.mailbox and not self._is_to_us(raw.envelope):
            return raw
        header = email.parser.BytesHeaderParser().parsebytes(raw.body[:LONGEST_HEADER])
        if any(raw_field(header, name) for name in ("In-Reply-To", "References")):
            return raw
        if self._is_from_scanner(raw.envelope, header):
            return replace(raw, channel="letter", envelope={**raw.envelope, "step": STEP, FROM_SCANNER: "yes"})
        if self.senders or not header.get_content_type().startswith(_CARRIES_FILES):
            return raw
        return replace(raw, channel="letter", envelope={**raw.envelope, "step": STEP})

    def _is_from_scanner(self, envelope: Mapping[str, str], header: Message) -> bool:
        """Whether it comes from where scanners are known to mail, with a file or with words about one."""
        said = [envelope.get("mail_from", ""), *(box.address for box in mailboxes(header, "From"))]
        ours = {each.lower() for each in self.senders}
        named = (each.lower() for each in said if each)
        return any(each in ours or f"@{each.rpartition('@')[2]}" in ours for each in named)

    def _is_to_us(self, envelope: Mapping[str, str]) -> bool:
        return self.mailbox.lower() in {without_tag(each) for each in envelope.get("rcpt_to", "").split("\n")}
