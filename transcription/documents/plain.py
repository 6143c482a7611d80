"""Reads plain text in whatever encoding it came, and the words of web pages."""

import re

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborHTMLParser

from transcription.contract import CannotRead, Segment, Transcript, Unreadable

LARGEST_BYTES = 20 * 1024 * 1024
"""More text than anybody could have written is refused as too large."""

BINARY_SHARE = 0.05
"""With more control characters than this the bytes are no text, whatever they are called."""

FEW_LETTERS = 6
ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
BLOCKS = "p,div,br,li,tr,h1,h2,h3,h4,h5,h6,blockquote,section,article,header,footer,pre,table,ul,ol,dt,dd,hr"
UNSEEN = "script,style,noscript,template,head > :not(title)"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")


def read_plain_text(data: bytes) -> Transcript:
    """The text as written; raises CannotRead(broken) for bytes that are no text in any likely encoding."""
    return _transcript(tidied(decoded(data)), "plain text")


def read_web_page(data: bytes) -> Transcript:
    """The words a reader of the page sees, block by block."""
    page = LexborHTMLParser(decoded(data))
    page.strip_tags([selector.strip() for selector in UNSEEN.split(",")])
    for block in page.css(BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    for cell in page.css("td,th"):
        cell.insert_after("\t")
    body = page.body or page.root
    return _transcript(tidied(body.text(deep=True) if body else ""), "web page")


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-8 where it fits, else the likeliest encoding; a few damaged places do not lose the rest."""
    if len(data) > LARGEST_BYTES:
        raise CannotRead(Unreadable.TOO_LARGE, f"more than {LARGEST_BYTES // 1024**2} MB of text")
    text = _as_utf8(data)
    if text is None:
        best = from_bytes(data).best() if _shows_its_alphabet(data) else None
        text = str(best) if best else data.decode("cp1252", "replace")
    if _strange(text) > BINARY_SHARE:
        raise CannotRead(Unreadable.BROKEN, "not text")
    return CONTROL.sub("", text)


def _shows_its_alphabet(data: bytes) -> bool:
    """Whether more than an accented name tells the encoding; with less, that of Western Europe is the likeliest."""
    return b"\x00" in data or len(ABOVE_ASCII.findall(data)) > FEW_LETTERS


def _as_utf8(data: bytes) -> str | None:
    """The text if it is UTF-8, at most with a few damaged places; None when another encoding is likelier."""
    text = data.decode("utf-8-sig", "replace")
    damaged = text.count("\ufffd")
    whole = sum(each > "\x7f" for each in text) - damaged
    return text if damaged == 0 or (damaged < whole and _strange(text) <= BINARY_SHARE) else None


def _strange(text: str) -> float:
    """The share of characters that stand in no text."""
    return len(CONTROL.findall(text)) / max(len(text), 1)


def tidied(text: str) -> str:
    """Text without trailing blanks, with at most one empty line at a time."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _transcript(text: str, engine: str) -> Transcript:
    segments = tuple(Segment(text=part) for part in re.split(r"\n{2,}", text) if part.strip())
    return Transcript(text=text, segments=segments, engine=engine, language=None, confidence=None)
