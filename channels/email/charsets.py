"""Turns bytes of a mail into words whatever charset they claim, and words into what a database can hold."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_ENOUGH_TO_GUESS = 64 * 1024
# Names senders use for charsets that Python knows by another name or by a wider superset (WHATWG Encoding labels).
_ALIASES = {
    "ansi_x3.4-1968": "ascii", "big5": "big5hkscs", "cp-1252": "cp1252", "cp-850": "cp850", "euc-kr": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252", "iso-8859-8-e": "iso8859_8", "iso-8859-8-i": "iso8859_8", "iso-8859-9": "cp1254",
    "iso8859-1": "cp1252", "ks_c_5601-1987": "cp949", "latin1": "cp1252", "shift-jis": "cp932", "shift_jis": "cp932",
    "sjis": "cp932", "tis-620": "cp874", "unicode-1-1-utf-7": "utf_7", "unicode-1-1-utf-8": "utf_8", "utf8mb4": "utf_8",
    "windows-31j": "cp932", "windows-874": "cp874", "windows-949": "cp949", "x-euc-jp": "euc_jp", "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "x-sjis": "cp932", "x-windows-949": "cp949",
}  # fmt: skip
_SAYS_NOTHING = frozenset({"", "ascii", "us-ascii", "unknown-8bit", "x-unknown", "x-user-defined", "default", "binary"})
_NOT_TEXT = frozenset({"base64", "bz2", "hex", "idna", "mbcs", "punycode", "quopri", "raw_unicode_escape", "rot_13",
                       "rot13", "undefined", "unicode_escape", "uu", "zip", "zlib"})  # fmt: skip
_ASCII = bytes(range(128))
_ENOUGH_LETTERS = 30
_NEVER_GUESSED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
_SEEMS_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def words(content: bytes, charset: str | None) -> str:
    """The text of some bytes. Never fails: what no charset explains is shown with replacement marks."""
    for codec in _codecs_to_try(content, charset):
        try:
            return clean(content.decode(codec))
        except (UnicodeError, LookupError, ValueError):
            continue
    return clean(content.decode("cp1252", "replace"))


def clean(text: str) -> str:
    """The same text with line ends as newlines and without characters that a database or a page cannot hold."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_binary(content: bytes) -> bool:
    """Whether bytes that claim to be text are none: more than two control characters, and one in fifty bytes."""
    start = content[:_ENOUGH_TO_GUESS]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = len(_SEEMS_BINARY.findall(start))
    return controls > 2 and controls * 50 > len(start)


def known_codec(charset: str | None) -> str | None:
    """Python's name of a charset; None when it says nothing or nobody knows it."""
    name = (charset or "").strip().strip("\"'").lower().replace("_", "-")
    name = _ALIASES.get(name) or _ALIASES.get(name.replace("-", "_")) or name
    if name in _SAYS_NOTHING or name in _NOT_TEXT:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if found.replace("-", "_") in _NOT_TEXT else found


def _codecs_to_try(content: bytes, charset: str | None) -> list[str]:
    """UTF-8 goes before a one-byte charset: text that happens to be valid UTF-8 beyond ASCII nearly always is UTF-8."""
    if content.isascii() and b"\x1b" not in content and (codec := known_codec(charset)) in (None, "utf-8", "cp1252"):
        return ["ascii"]
    codec = known_codec(charset)
    if codec is None and b"\x1b$" in content:
        return ["iso2022_jp_ext", "utf-8"]
    if codec is None:
        return ["utf-8", *_guessed(content), "cp1252"]
    if codec.startswith(("cp125", "iso8859", "latin", "koi8", "mac-", "cp8", "ascii")):
        return ["utf-8", codec, *_guessed(content)] if not content.isascii() else [codec, "ascii"]
    return [codec, "utf-8", *_guessed(content)]


def _guessed(content: bytes) -> list[str]:
    """What charset-normalizer makes of it; only when UTF-8 is ruled out and there is enough to go by."""
    start = content[:_ENOUGH_TO_GUESS]
    if len(start.translate(None, _ASCII)) < _ENOUGH_LETTERS or is_utf8(content):
        return []
    best = from_bytes(start, cp_exclusion=_NEVER_GUESSED).best()
    return [best.encoding] if best is not None else []


def is_utf8(content: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
