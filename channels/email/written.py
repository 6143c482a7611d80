"""Reads the words of one part of a mail, whatever kind of text it is in."""

from __future__ import annotations

from email.message import Message

from channels.email import html
from channels.email.charsets import words
from channels.email.enriched import enriched_text, rich_text
from channels.email.flowed import unflowed
from channels.email.invitation import invitation_text

WRITTEN = frozenset({
    "text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown",
    "application/xhtml+xml",
})  # fmt: skip
CALENDARS = frozenset({"text/calendar", "application/ics"})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def words_of(part: Message, content: bytes) -> str:
    """The words of a part whose bytes are these."""
    kind, charset = part.get_content_type(), charset_of(part)
    if kind in _PAGES:
        return html.plain_text(words(content, charset or html.declared_charset(content)))
    text = words(content, charset)
    if kind == "text/enriched":
        return enriched_text(text)
    if kind == "text/richtext":
        return rich_text(text)
    if kind in CALENDARS:
        return invitation_text(text)
    if _parameter(part, "format") == "flowed":
        return unflowed(text, del_sp=_parameter(part, "delsp") == "yes").strip()
    return text.strip()


def charset_of(part: Message) -> str | None:
    """The charset the part says it is in; None where it says none or nonsense."""
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (LookupError, ValueError, TypeError):
        return ""
    return value.lower() if isinstance(value, str) else ""
