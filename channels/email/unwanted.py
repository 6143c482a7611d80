"""Says why a mail may be unwanted: by marks of our border server and few signs of our own. None is refused for it."""

from __future__ import annotations

import re
from email.message import Message

from channels.contract import Enclosure
from channels.email.fields import message_ids, raw_field, raw_fields
from channels.email.traits import Traits

BORDER_SAYS = "our border server marked it as unwanted mail"
ONLY_A_PROGRAM = "it holds a program and no words"
ADVERTISING = "it comes from an advertising list"
_MARKS = (
    ("X-Spam-Flag", re.compile(r"\s*(?:yes|true)\b", re.IGNORECASE)),
    ("X-Spam-Status", re.compile(r"\s*yes\b", re.IGNORECASE)),
    ("X-Spam", re.compile(r"\s*(?:yes|true)\b", re.IGNORECASE)),
    ("X-Barracuda-Spam-Flag", re.compile(r"\s*yes\b", re.IGNORECASE)),
    ("X-MS-Exchange-Organization-SCL", re.compile(r"\s*[5-9]\b")),
    ("X-Forefront-Antispam-Report", re.compile(
        r"\bSCL:[5-9]\b|\bSFV:SPM\b|\bCAT:(?:HSPM|SPM|BULK|PHSH|HPHSH|HPHISH|MALW|SPOOF)\b", re.IGNORECASE
    )),
    ("X-Proofpoint-Spam-Details", re.compile(
        r"\brule=(?!not)\w*(?:spam|phish|malware|virus|bulk)", re.IGNORECASE
    )),
    ("X-Proofpoint-Virus-Version", re.compile(r"\binfected\b", re.IGNORECASE)),
    ("X-Mimecast-Spam-Signature", re.compile(r"\s*yes\b", re.IGNORECASE)),
)  # fmt: skip
_PROGRAM_NAME = re.compile(
    r"\.(?:exe|scr|pif|com|bat|cmd|js|jse|vbs|vbe|wsf|hta|ps1|jar|msi|lnk|iso|img|cpl|reg)\s*$", re.IGNORECASE
)
_PROGRAM_TYPES = frozenset({
    "application/x-msdownload", "application/x-dosexec", "application/vnd.microsoft.portable-executable",
    "application/x-ms-shortcut", "application/java-archive", "application/x-iso9660-image", "application/x-msi",
})  # fmt: skip
_CAMPAIGNS = (
    "X-Campaign", "X-CampaignID", "X-Campaign-Id", "X-MC-User", "X-Mailchimp-Campaign-Id", "X-SFMC-Stack",
    "X-Mailer-Campaign", "X-Marketo-Id", "X-CSA-Complaints", "X-Mailgun-Campaign-Id", "X-Job", "X-EMarSys-Identify",
)  # fmt: skip


def why_unwanted(traits: Traits, words: str, enclosures: list[Enclosure], *, is_from_border: bool) -> str:
    """Why it may be; empty where nothing says so. A border server's marks count where it brought the mail."""
    if is_from_border and _is_marked(traits.message):
        return BORDER_SAYS
    if enclosures and not words.strip() and all(map(_is_program, enclosures)):
        return ONLY_A_PROGRAM
    return ADVERTISING if _is_advertising(traits.message) else ""


def _is_marked(message: Message) -> bool:
    return any(mark.search(value) for name, mark in _MARKS for value in raw_fields(message, name))


def _is_program(enclosure: Enclosure) -> bool:
    return enclosure.media_type in _PROGRAM_TYPES or bool(_PROGRAM_NAME.search(enclosure.name))


def _is_advertising(message: Message) -> bool:
    """Sent by a campaign to whoever is on its list, and no answer to anything: a newsletter, not somebody speaking."""
    may_be_left = raw_field(message, "List-Unsubscribe") and not message_ids(message, "In-Reply-To", "References")
    return bool(may_be_left) and any(name in message for name in _CAMPAIGNS)
