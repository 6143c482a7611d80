"""Tells kinds of text apart by what they begin with: web pages, XML, mail, cards, calendars and scripts."""

import codecs
import re
from pathlib import PurePosixPath

LOOKED_AT = 4096
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
CONTROL_LETTER = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
MAIL = "message/rfc822"
WEB_ARCHIVE = "multipart/related"

STARTS = (
    (
        re.compile(r"<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]", re.I | re.S),
        "image/svg+xml",
    ),
    (re.compile(r"<svg[\s>]", re.I), "image/svg+xml"),
    (re.compile(r"<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*(?:<!DOCTYPE html[^>]*>\s*)?<html[\s>]", re.I | re.S), "text/html"),
    (re.compile(r"(?:<!--.*?-->\s*)*<(?:!DOCTYPE html|html|head|body|title|script)[\s>]", re.I | re.S), "text/html"),
    (re.compile(r"<\?xml[\s?]", re.I), "application/xml"),
    (re.compile(r"BEGIN:VCARD\b", re.I), "text/vcard"),
    (re.compile(r"BEGIN:VCALENDAR\b", re.I), "text/calendar"),
    (re.compile(r"#!\s*/\S*python"), "text/x-python"),
    (re.compile(r"#!\s*/"), "text/x-shellscript"),
    (re.compile(r"<\?php\b"), "text/x-php"),
    (re.compile(r"@?echo off\b|@echo\b", re.I), "text/x-msdos-batch"),
    (re.compile(r"Windows Registry Editor Version", re.I), "text/x-ms-regedit"),
)
SCRIPT_ENDINGS = {
    **dict.fromkeys((".bat", ".cmd"), "text/x-msdos-batch"),
    **dict.fromkeys((".js", ".jse", ".mjs"), "text/javascript"),
    **dict.fromkeys((".vbs", ".vbe", ".wsf", ".wsh"), "text/vbscript"),
    **dict.fromkeys((".ps1", ".psm1"), "text/x-powershell"),
    ".hta": "application/hta",
    ".sh": "text/x-shellscript",
    ".reg": "text/x-ms-regedit",
    ".url": "application/x-mswinurl",
}
"""Text that a computer runs when it is opened, which only its name tells."""

_FIELD = re.compile(r"([!-9;-~]{1,70}):[ \t]")
_OF_MAIL = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "cc"})
_BORNE_BY_MAIL_ALONE = frozenset({"received", "message-id", "return-path", "mime-version", "date"})


def is_text(content: bytes) -> bool:
    """Whether these are words in UTF-8, ASCII or marked UTF-16, without control characters but usual white space."""
    words = read_as_text(content)
    return bool(words.strip()) and not CONTROL_LETTER.search(words)


def looks_like_eight_bit_text(content: bytes) -> bool:
    """Whether these could be words in an older encoding: no control characters in them, which other files have."""
    return bool(content.strip()) and not CONTROL.search(content)


def read_as_text(content: bytes) -> str:
    """The text in UTF-8 or marked UTF-16; empty when it is neither."""
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return ""


def written_as(content: bytes) -> str:
    """The kind of text by its beginning; empty for plain words."""
    start = _beginning(content)
    return next((media_type for sign, media_type in STARTS if sign.match(start)), "") or _mail(start)


def script_by_name(name: str) -> str:
    """The kind of script that a name makes of any text; empty for other names."""
    return SCRIPT_ENDINGS.get(PurePosixPath(name.lower()).suffix, "")


def looks_like_json(content: bytes) -> bool:
    """Whether text is wrapped as JSON is; it may still be cut off or wrong."""
    words = content.strip()
    return (words[:1], words[-1:]) in {(b"{", b"}"), (b"[", b"]")} and b'"' in words


def _beginning(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    words = content[:LOOKED_AT].decode("utf-16" if wide else "utf-8-sig", "replace")
    return words.lstrip()


def _mail(start: str) -> str:
    """Two fields of a mail's header before the first line that is none, one of which no person writes by hand."""
    fields: set[str] = set()
    lines = start.splitlines()
    for line in lines[1:] if start.startswith("From ") else lines:
        if line[:1] in {" ", "\t"} and fields:
            continue
        found = _FIELD.match(line)
        if not found:
            break
        fields.add(found[1].lower())
    if len(fields & _OF_MAIL) < 2 or not fields & _BORNE_BY_MAIL_ALONE:
        return ""
    is_archive = "content-type" in fields and "received" not in fields and "to" not in fields
    return WEB_ARCHIVE if is_archive and "multipart/related" in start.lower() else MAIL
