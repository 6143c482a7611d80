"""Mails as scanners write them, and one that a person wrote to a scanner's mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

from channels.contract import RawMessage

MAILBOX = "scans@northshire.example"
SCANNER = "printer4@printers.northshire.example"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
BODIES = {
    "ricoh": (
        'Message from "RNP5838798A1B2C"',
        'This E-mail was sent from "RNP5838798A1B2C" (IM C4500).\n\nScan Date: 11.23.2026 09:41:07 (+0000)\n'
        "Queries to: printing@northshire.example\n",
    ),
    "xerox": (
        "Scanned from a Xerox Multifunction Printer",
        "Please open the attached document. It was sent to you using a Xerox multifunction printer.\n\n"
        "Attachment File Type: pdf, Multi-Page\n\nMultifunction Printer Location: Post room\n"
        "Multifunction Printer Name: XRX9C934E\n\nFor more information on Xerox products, visit http://www.xerox.com\n",
    ),
    "konica": ("Message from KM_C360i", ""),
    "canon": ("Attached Image", ""),
    "hp": (
        "[Untitled].pdf: scan from HP",
        "Please open the attached document. This document was digitally sent to you using an HP Digital Sending "
        "device.\nTo view this document you need to use the Adobe Acrobat Reader.\n",
    ),
}


def a_scanners_mail(
    files: Mapping[str, bytes], *, subject: str = "Message from KM_C360i", words: str = "", sender: str = SCANNER
) -> bytes:
    """With these files attached, by their names."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, MAILBOX, subject
    mail["Message-ID"], mail["Date"] = "<1@printers.northshire.example>", "Mon, 23 Nov 2026 09:41:07 +0000"
    mail.set_content(words)
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def at_the_door(body: bytes, *, sender: str = SCANNER, to: str = MAILBOX) -> RawMessage:
    """As the mail door has it before it is sorted."""
    return RawMessage(
        channel="email", source_key="k", body=body, media_type="message/rfc822",
        envelope={"mail_from": sender, "rcpt_to": to},
    )  # fmt: skip
