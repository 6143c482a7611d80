"""Says what in a file could run on the machine of whoever opens it: a program, a macro, a script, a page."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from storage.attachment import Active

_PROGRAM_NAME = re.compile(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs?|vbe|jse?|mjs|wsf|wsh|wsc|sct|hta|lnk|iso|img|vhdx?|jar|jnlp|msi|msix|msp|"
    r"apk|dll|cpl|reg|chm|url|scf|application|gadget|inf|xll|ocx|sys|app|command|workflow|dmg|pkg|deb|rpm|sh|run|desktop|"
    r"appx|appref-ms|library-ms|settingcontent-ms|diagcab|one)[\s.]*$",
    re.IGNORECASE,
)
_PROGRAM_TYPES = frozenset({
    "application/x-dosexec", "application/x-msdownload", "application/vnd.microsoft.portable-executable",
    "application/x-executable", "application/x-mach-binary", "application/x-java-applet", "application/java-archive",
    "application/wasm", "application/x-ms-shortcut", "application/vnd.ms-htmlhelp", "application/x-iso9660-image",
    "application/x-msi", "application/javascript", "text/javascript", "application/x-sh", "application/hta",
})  # fmt: skip
_PROGRAM_STARTS = (
    b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\x00asm", b"#!/",
    b"L\x00\x00\x00\x01\x14\x02\x00", b"ITSF\x03\x00",
)  # fmt: skip
_PAGE_TYPES = frozenset({
    "image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "multipart/related",
    "application/x-shockwave-flash",
})  # fmt: skip
_PAGE_NAME = re.compile(r"\.(?:svgz?|s?html?|xhtml|xht|xml|xslt?|mht|mhtml|swf)[\s.]*$", re.IGNORECASE)
_PAGE_START = re.compile(rb"(?i)\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|svg|script|\?xml)\b")
_ZIPPED_MACROS = re.compile(
    rb"vbaProject\.bin|xl/macrosheets/|word/vbaData\.xml|Basic/[^/]{1,60}/script-|Scripts/python/"
)
_OLD_MACROS = ("_VBA_PROJECT", "Macros", "VBA")
_RICH_TEXT_OBJECTS = re.compile(rb"\\(?:objdata|objupdate|objautlink|ddeauto)\b")
_PDF_NAMES = ("JavaScript", "JS", "Launch", "RichMedia", "GoToE", "ImportData")
_PDF_SCRIPTS = re.compile(
    # a name may have any of its letters as a number: #4aS is JS (ISO 32000-1, 7.3.5)
    rb"/(?:%s)(?![A-Za-z0-9])"
    % b"|".join(b"".join(rb"(?:%c|#%02x|#%02X)" % (one, one, one) for one in name.encode()) for name in _PDF_NAMES)
)
_LONGEST_DICTIONARY, _MOST_STREAMS = 400, 1000
_MOST_OF_A_STREAM, _MOST_OF_ALL = 1024 * 1024, 32 * 1024 * 1024


def active_in(content: bytes, *, name: str, media_type: str) -> Active:
    """By its bytes, its name and its media type, whichever says so: a mark that is wrong costs one click more."""
    kind = media_type.partition(";")[0].strip().lower()
    plain = _plain(name)
    if _PROGRAM_NAME.search(plain) or kind in _PROGRAM_TYPES or content.startswith(_PROGRAM_STARTS):
        return Active.PROGRAM
    if content[:1024].find(b"%PDF-") >= 0 and _has_pdf_script(content):
        return Active.SCRIPT
    if _has_macro(content):
        return Active.MACRO
    if kind in _PAGE_TYPES or _PAGE_NAME.search(plain) or _PAGE_START.match(content[:400]):
        return Active.PAGE
    return Active.NONE


def _plain(name: str) -> str:
    """As a computer reads it: signs that turn or hide letters on a screen left out."""
    return re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f]", "", name)


def _has_macro(content: bytes) -> bool:
    if content.startswith(b"PK"):
        return _ZIPPED_MACROS.search(content) is not None
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return any(_in_directory(word) in content for word in _OLD_MACROS)
    return content.startswith(b"{\\rt") and _RICH_TEXT_OBJECTS.search(content) is not None


def _in_directory(name: str) -> bytes:
    """An entry's name as a compound file has it: UTF-16, ended, from the start of its 64 bytes."""
    return b"\x00" + name.encode("utf-16-le") + b"\x00\x00"


def _has_pdf_script(content: bytes) -> bool:
    return any(_PDF_SCRIPTS.search(piece) for piece in _pieces(content))


def _pieces(content: bytes) -> Iterator[bytes]:
    """The file, and what its compressed object streams hold, within bounds."""
    yield content
    at = total = 0
    for _ in range(_MOST_STREAMS):
        if (at := content.find(b"/ObjStm", at) + 1) == 0 or total >= _MOST_OF_ALL:
            return
        begins = content.find(b"stream", at, at + _LONGEST_DICTIONARY)
        if begins < 0:
            continue
        coded = content[begins + len(b"stream") : begins + _MOST_OF_A_STREAM].lstrip(b"\r\n")
        try:
            piece = zlib.decompressobj().decompress(coded, _MOST_OF_A_STREAM)
        except zlib.error:
            continue
        total += len(piece)
        yield piece
