"""Tells what a person typed with a scan from what scanners and mail systems write by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from channels.contract import Answerable, DeliveryReport, Inbound, RawMessage
from channels.letter.scan_box import FROM_SCANNER
from channels.media_type import is_document_or_picture

NO_FILE = "a scanner's mail without a scan"
MOST_WORDS = 12
"""So many words may be a note typed at the glass; who writes more writes a mail."""

_TEMPLATES = re.compile(
    r"message from \S+|attached image|scan(?:ned)? (?:date|from|to|by)\b.*|.*\bscan from (?:hp|a)\b.*|queries to:.*"
    r"|(?:please )?open the attached document\..*|it was (?:sent|scanned) (?:to|from|by|with)\b.*"
    r"|this (?:e-?mail|document|message) was (?:digitally )?(?:sent|scanned|created) (?:from|to|by|with|on)\b.*"
    r"|to view this document you need.*|for more information on .{1,40} visit \S+"
    r"|(?:multi-?function )?(?:printer|device|machine) (?:name|location|model)\s*[:=].*"
    r"|(?:number of (?:images|pages)|attachment (?:file )?type|file (?:format|name|type)|resolution|paper size"
    r"|scan (?:mode|size)|serial number|host ?name|ip address|job (?:no|number))\b\.?\s*[:=].*"
    r"|(?:please )?do not reply\b.*|\S+\.(?:pdf|tiff?|jpe?g)",
    re.IGNORECASE,
)
"""Whole lines that makers of scanners have printed in their mails: they say nothing of the letter."""

_LIKE_A_MACHINE = re.compile(
    r"scan|attach|device|printer|copier|multi-?function|\bmf[pd]\b|digital send|image|file|paper size|resolution"
    r"|serial|firmware|host ?name|\bip address|machine|model|location|department|(?:sent|created|made) (?:from|by|with)"
    r"|message from|reply|unattended|not monitored|xerox|ricoh|canon|konica|kyocera|sharp|lexmark|hewlett|\bhp\b"
    r"|brother|epson|toshiba|aficio|workcentre|altalink|bizhub|imagerunner|acrobat|adobe|confidential|intended"
    r"|disclaimer|virus|external|caution|https?://|www\.|^\W*[\w ]{1,24}:",
    re.IGNORECASE,
)
"""Lines that may well be a template nobody here knows: shown, but no sign of a person."""
_WORD = re.compile(r"[^\W\d_]{2,}")


def beside_scan(subject: str, lines: Sequence[str]) -> str:
    """The subject and the words of such a mail, a line for each, without the lines that only a machine writes."""
    written = [" ".join(line.split()) for line in (subject, *lines)]
    return "\n".join(line for line in written if _WORD.search(line) and not _TEMPLATES.fullmatch(line))


def is_mail_of_person(written: str) -> bool:
    """Whether it is more than a note beside a scan; either way every word of it is shown."""
    typed = (line for line in written.splitlines() if not _LIKE_A_MACHINE.search(line))
    return sum(len(_WORD.findall(line)) for line in typed) > MOST_WORDS


def said_by_machine(raw: RawMessage, read: Inbound | DeliveryReport) -> Inbound | DeliveryReport:
    """The mail as read; one from a known scanner without a file is its own words, and a machine is never answered."""
    if FROM_SCANNER not in raw.envelope or isinstance(read, DeliveryReport):
        return read
    if any(is_document_or_picture(each.media_type) for each in read.enclosures):
        return read
    return replace(read, answerable=Answerable.MACHINE, answerable_reason=NO_FILE, by_hand="")
