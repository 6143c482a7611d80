"""Finds the page of a mail: the words somebody wrote, as they were laid out in HTML, and nothing of it changed."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from channels.contract import Unreadable
from channels.email import html
from channels.email.charsets import words
from channels.email.transfer import content_of
from channels.email.whole import mail_in
from channels.email.written import charset_of

LARGEST = 4 * 1024 * 1024
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_DEEPEST = 20


def has_page(message: Message) -> bool:
    """Whether it was laid out as a page at all."""
    return next(_pages(message, 0), None) is not None


def page_of(body: bytes) -> str | None:
    """The HTML of a kept mail, the largest where it has several; None where it has none, or one too large to show."""
    try:
        parts = list(_pages(mail_in(body), 0))
    except (Unreadable, RecursionError):
        return None
    sizes = [(len(content_of(part)), part) for part in parts]
    shown = max(((size, part) for size, part in sizes if size <= LARGEST), key=lambda one: one[0], default=None)
    if shown is None:
        return None
    content, charset = content_of(shown[1]), charset_of(shown[1])
    return words(content, charset or html.declared_charset(content))


def _pages(part: Message, depth: int) -> Iterator[Message]:
    """Those of this mail, not of one it brings along; files that somebody attached are none."""
    if part.is_multipart():
        if depth < _DEEPEST and not part.get_content_type().startswith("message/"):
            for child in part.get_payload():
                if isinstance(child, Message):
                    yield from _pages(child, depth + 1)
    elif part.get_content_type() in _PAGES and part.get_content_disposition() != "attachment":
        yield part
