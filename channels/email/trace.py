"""The trace fields a mail would carry had we written them into it (RFC 5321 4.4): made from what its envelope tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f<>()]+")


def protocol_of(protocol: str, *, is_extended: bool, is_encrypted: bool, is_utf8: bool) -> str:
    """The word for "with" (RFC 3848, RFC 6531): ``ESMTPS``, ``UTF8SMTP``, ``LMTP`` …"""
    name = f"UTF8{protocol}" if is_utf8 else protocol if protocol == "LMTP" or not is_extended else f"E{protocol}"
    return f"{name}S" if is_encrypted else name


def trace_of(envelope: Mapping[str, str], *, received_at: datetime, reference: str) -> str:
    """``Return-Path`` and ``Received``, ending in CRLF; empty for what no mail server handed over.

    The bytes received hold neither: they are kept as they came.
    """
    if "by" not in envelope or "mail_from" not in envelope:
        return ""
    sender = _plain(envelope["mail_from"])
    host = envelope.get("peer", "").rpartition(":")[0].strip("[]")
    address = f" ([{'IPv6:' if ':' in host else ''}{host}])" if host else ""
    recipients = [_plain(each) for each in envelope.get("rcpt_to", "").split("\n") if each]
    to = f"\r\n\tfor <{recipients[0]}>" if len(recipients) == 1 else ""
    return (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from {_plain(envelope.get('helo', '')) or 'unknown'}{address}\r\n"
        f"\tby {_plain(envelope['by'])} with {_plain(envelope.get('with', 'SMTP'))} id {reference}{to};\r\n"
        f"\t{format_datetime(received_at)}\r\n"
    )


def _plain(word: str) -> str:
    """Nothing a peer said may end a field or begin another."""
    return _UNPRINTABLE.sub("", word)
