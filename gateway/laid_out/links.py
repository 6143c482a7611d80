"""Says where a link of a mail really goes, in words beside it, for the link itself leads nowhere any more."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST = 300
_RUNS = re.compile(r"(?i)(?:javascript|vbscript|data|file|blob|about|livescript|mhtml):")
_EMPTY = re.compile(r"[\x00-\x20\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def true_address(href: str, said: str) -> str:
    """What is written behind a link whose words are ``said``; empty where they are its address already."""
    address = _EMPTY.sub("", href)
    if not address or address.startswith("#"):
        return ""
    if _RUNS.match(address):
        return "does not lead anywhere: what stood behind it was taken out"
    shown = _readable(address)
    told = _bare(said)
    if told and told in (_bare(shown), _bare(address)):
        return ""
    return f"goes to {shown}"


def _bare(words: str) -> str:
    flat = _EMPTY.sub("", words).lower().rstrip("/")
    return re.sub(r"^(?:https?://|mailto:|tel:)", "", flat)


def _readable(address: str) -> str:
    """With the host as browsers resolve it where it is written in letters that look like others."""
    shown = "".join(sign for sign in address if not unicodedata.category(sign).startswith("C"))[:LONGEST]
    try:
        host = urlsplit(address).hostname or ""
        plain = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return shown
    return shown if plain == host else f"{shown} (that is {plain})"
