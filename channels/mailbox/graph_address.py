"""Which mailboxes of Microsoft 365 are fetched from, read from one setting."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAIL = re.compile(r"[^\s@,/]+@[^\s@,/]+")
INBOX = "inbox"


@dataclass(frozen=True, kw_only=True)
class GraphAddress:
    """``folder`` is its name as people see it, or one of the names every mailbox has, such as ``inbox``."""

    address: str
    folder: str = INBOX

    @property
    def name(self) -> str:
        """The same as long as it is the same folder."""
        return f"graph:{self.address.lower()}/{self.folder}"


def graph_addresses(words: str) -> tuple[GraphAddress, ...]:
    """Every mailbox a setting names, ``address`` or ``address/Folder``; raises ValueError."""
    found = tuple(_address(each.strip()) for each in words.split(",") if each.strip())
    if len({each.name for each in found}) < len(found):
        raise ValueError("names one mailbox twice")
    return found


def _address(words: str) -> GraphAddress:
    address, _, folder = words.partition("/")
    if not _MAIL.fullmatch(address):
        raise ValueError("must be mail addresses, comma separated, each with /Folder behind it if it is not the inbox")
    return GraphAddress(address=address, folder=folder.strip() or INBOX)
