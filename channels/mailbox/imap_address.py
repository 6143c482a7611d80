"""Where an IMAP mailbox is and how we sign in, read from one setting; the password is never shown."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"imaps": 993, "imap": 143}
_MAIL = re.compile(r"[^\s@,]+@[^\s@,]+")
FORM = "must be imaps://user:password@host:993/Folder, comma separated"


class Hidden(StrEnum):
    """How nobody between us and the server reads the password."""

    AT_ONCE = "TLS"
    STARTTLS = "STARTTLS"
    STAYS_HERE = "none needed: it is this machine"


@dataclass(frozen=True, kw_only=True)
class ImapAddress:
    """``address`` is the mail address of the mailbox: the user's name, unless the setting names another."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    address: str
    hidden: Hidden

    @property
    def name(self) -> str:
        """Where it is, without the password; the same as long as it is the same folder."""
        return f"imap:{self.host}:{self.port}/{self.user}/{self.folder}"


def imap_addresses(words: str) -> tuple[ImapAddress, ...]:
    """Every mailbox a setting names; raises ValueError, which never repeats what stands there."""
    found = tuple(_address(each.strip()) for each in words.split(",") if each.strip())
    if len({each.name for each in found}) < len(found):
        raise ValueError("names one mailbox twice")
    return found


def _address(url: str) -> ImapAddress:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise ValueError(FORM) from None
    if re.search(r"\s|://.*://", url):  # two of them without a comma between: the second's password is no folder's name
        raise ValueError(FORM)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (parts.hostname and user and password):
        raise ValueError(FORM)
    return ImapAddress(
        host=parts.hostname, port=port, user=user, password=password,
        folder=unquote(parts.path.strip("/")) or "INBOX", address=_mail_address(parts, user),
        hidden=_hidden(parts.scheme, parts.hostname),
    )  # fmt: skip


def _mail_address(parts: SplitResult, user: str) -> str:
    named: Sequence[str] = parse_qs(parts.query).get("address", ())
    address = named[0].strip() if named else user
    if not _MAIL.fullmatch(address):
        raise ValueError("must end in ?address=referrals@example.org where the user is no mail address")
    return address


def _hidden(scheme: str, host: str) -> Hidden:
    if scheme == "imaps":
        return Hidden.AT_ONCE
    return Hidden.STAYS_HERE if _is_here(host) else Hidden.STARTTLS


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
