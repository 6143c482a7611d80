"""Reads the rich text in which Outlook keeps a mail: the HTML it was made from where there was one, else its words."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass, field, replace

import compressed_rtf  # type: ignore[import-untyped]

_MOST_BYTES = 2 * 1024 * 1024
_TOKEN = re.compile(
    rb"\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,9})? ?|'(?P<hex>[0-9A-Fa-f]{2})|(?P<sign>[^A-Za-z]))"
    rb"|(?P<brace>[{}])|(?P<line>[\r\n]+)|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_NOT_WORDS = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"themedata", b"xmlns",
    b"datastore", b"generator", b"listtable", b"mhtmltag",
})  # fmt: skip
_AS_TEXT = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t",
    b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019",
    b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# \fcharset of a font and the code page its bytes are in (RTF 1.9.1, "Font Table").
_OF_FONTS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 77: "mac_roman",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RichWords:
    """What a rich text says, in HTML if that is what it was made from."""

    words: str
    is_html: bool


def unpacked_rtf(content: bytes) -> bytes:
    """Rich text out of its compression (MS-OXRTFCP); empty where that is damaged or too large to be read."""
    if len(content) < 16 or int.from_bytes(content[4:8], "little") > _MOST_BYTES or len(content) > _MOST_BYTES:
        return b""
    try:
        return bytes(compressed_rtf.decompress(content))
    except Exception as error:  # the library has no error of its own
        if type(error) is not Exception and not isinstance(error, LookupError | ValueError | TypeError):
            raise
        return b""


def html_or_text(rich: bytes) -> RichWords | None:
    """Its words; None if it is no rich text."""
    if not rich.startswith(b"{\\rtf"):
        return None
    is_html = b"\\fromhtml" in rich[:2000]
    return RichWords(words=_Reader(is_html=is_html).read(rich[:_MOST_BYTES]), is_html=is_html)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """What holds until the closing brace. ``is_tag``: a piece of the HTML; ``made_for_rtf``: no part of it."""

    is_skipped: bool = False
    is_tag: bool = False
    made_for_rtf: bool = False
    is_fonts: bool = False
    codepage: str = ""
    fallback: int = 1


@dataclass(kw_only=True)
class _Reader:
    is_html: bool
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    units: list[int] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    default: str = "cp1252"
    to_skip: int = 0
    after_star: bool = False

    def read(self, rich: bytes) -> str:
        at = 0
        while found := _TOKEN.match(rich, at):
            at = found.end()
            kind = found.lastgroup or ""
            if kind in {"word", "number"}:
                at += self._word(found["word"], int(found["number"]) if found["number"] else None)
            elif kind == "brace":
                self._brace(found["brace"])
            elif kind == "sign":
                self._sign(found["sign"])
            elif kind == "hex":
                self._bytes(bytes.fromhex(found["hex"].decode("ascii")))
            elif kind == "text":
                self._bytes(found["text"])
        self._flush()
        return "".join(self.out)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip, self.after_star = 0, False
        if brace == b"{":
            self.outer.append(self.group)
        elif self.outer:
            self.group = self.outer.pop()

    def _word(self, word: bytes, number: int | None) -> int:
        """Returns how many bytes of raw data follow that are no words."""
        star, self.after_star = self.after_star, False
        if word == b"bin":
            return max(number or 0, 0)
        if word == b"u" and number is not None:
            self._unit(number % 65536)
            return 0
        self._flush()
        self.to_skip = 0
        if word in _AS_TEXT:
            self._say(_AS_TEXT[word])
        elif word in _NOT_WORDS or (star and word != b"htmltag"):
            self.group = replace(self.group, is_skipped=True, is_fonts=word == b"fonttbl")
        else:
            self._state(word, number)
        return 0

    def _state(self, word: bytes, number: int | None) -> None:
        if word == b"htmltag":
            self._within(is_tag=True)
        elif word == b"htmlrtf":
            self._within(made_for_rtf=number != 0)
        elif word == b"uc":
            self._within(fallback=min(max(number or 0, 0), 10))
        elif word == b"f":
            self._use_font(number or 0)
        elif word == b"fcharset":
            self._font_is_in(number or 0)
        elif word == b"ansicpg":
            self._default_is(number or 0)

    def _within(self, **changes: bool | int | str) -> None:
        if any(getattr(self.group, name) != value for name, value in changes.items()):
            self.group = replace(self.group, **changes)  # type: ignore[arg-type]

    def _use_font(self, number: int) -> None:
        self.font = number
        if not self.group.is_fonts:
            self.group = replace(self.group, codepage=self.fonts.get(number, ""))

    def _font_is_in(self, charset: int) -> None:
        if self.group.is_fonts and charset in _OF_FONTS:
            self.fonts[self.font] = _OF_FONTS[charset]

    def _default_is(self, codepage: int) -> None:
        name = "utf-8" if codepage == 65001 else f"cp{codepage}"
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self.default = name

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.after_star = True
            return
        self._flush()
        self._say(_SIGNS.get(sign, ""))

    def _unit(self, unit: int) -> None:
        """One unit of UTF-16; what older readers would show in its place follows and is left out."""
        self._flush_bytes()
        self.units.append(unit)
        self.to_skip = self.group.fallback

    def _bytes(self, content: bytes) -> None:
        left_out = min(self.to_skip, len(content))
        self.to_skip -= left_out
        if content := content[left_out:]:
            self._flush_units()
            self.pending += content

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_bytes(self) -> None:
        if self.pending:
            words = self.pending.decode(self.group.codepage or self.default, "replace")
            self.pending.clear()
            self._say(words)

    def _flush_units(self) -> None:
        if self.units:
            units = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.units.clear()
            self._say(units.decode("utf-16-le", "replace"))

    def _say(self, words: str) -> None:
        if self.group.is_skipped or (self.group.made_for_rtf and not self.group.is_tag):
            return
        self.out.append(html.escape(words, quote=False) if self.is_html and not self.group.is_tag else words)
