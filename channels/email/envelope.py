"""What the relay is told beside a mail: from whom and to whom, how large it is, and which news of it we want back.

Sources: RFC 5321, RFC 1870 (SIZE), RFC 3461 (DSN), RFC 6531 (SMTPUTF8), RFC 5891 (domains of any alphabet in ASCII).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import idna

Offers = Callable[[str], bool]
"""Whether the relay offers an extension, by its keyword in small letters."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """``mark`` proves in a report that it is about a mail of ours; ``size`` is in bytes.

    News of success is not asked for: it would only say that the next server took it.
    """

    sender: str
    recipient: str
    mark: str = ""
    size: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether the recipient's address has letters that only SMTPUTF8 carries."""
        return not self.recipient.isascii()

    def mail_options(self, offers: Offers, *, wants_news: bool) -> list[str]:
        """The parameters of MAIL that this relay understands."""
        options = ["SMTPUTF8"] if self.is_wide else []
        options += [f"SIZE={self.size}"] if self.size and offers("size") else []
        if wants_news and offers("dsn"):
            options += ["RET=HDRS", *([f"ENVID={_xtext(self.mark)}"] if self.mark else [])]
        return options

    def rcpt_options(self, offers: Offers, *, wants_news: bool) -> list[str]:
        """The parameters of RCPT that this relay understands."""
        if not wants_news or not offers("dsn"):
            return []
        whom = [] if self.is_wide else [f"ORCPT=rfc822;{_xtext(self.recipient)}"]
        return ["NOTIFY=FAILURE,DELAY", *whom]


def for_any_relay(address: str) -> str:
    """The address with its domain in ASCII, which every relay carries; as it is where there is no such form."""
    local, _, domain = address.rpartition("@")
    if not local.isascii() or domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def _xtext(words: str) -> str:
    """RFC 3461 section 4: what might be read as something else is written in hexadecimal."""
    return "".join(each if "!" <= each <= "~" and each not in "+=" else f"+{ord(each):02X}" for each in words)
