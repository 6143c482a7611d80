"""Reads Rich Text Format: the words, without fonts, pictures and other furniture."""

import re

from transcription.contract import CannotRead, Segment, Transcript, Unreadable
from transcription.documents.plain import tidied

ENGINE = "rich text"
TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I)

FURNITURE = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles listtable "
    b"listoverridetable rsidtbl generator xmlnstbl filetbl revtbl mmathPr wgrffmtfilter fldinst bkmkstart bkmkend "
    b"nonshppict deleted".split()
)
BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t"}
CHARACTERS = {
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
ESCAPES = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"-": ""}


class _Group:
    """What holds inside a pair of braces."""

    def __init__(self, *, is_shown: bool, skipped_after_unicode: int) -> None:
        self.is_shown = is_shown
        self.skipped_after_unicode = skipped_after_unicode


class _RichText:
    """Walks the tokens of a document once, keeping the words that are shown."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._groups = [_Group(is_shown=True, skipped_after_unicode=1)]
        self._encoding = "cp1252"
        self._to_skip = 0
        self._raw = bytearray()

    def take(self, token: "re.Match[bytes]") -> None:
        word, number, character, escape, brace, text = token.groups()
        if character:
            self._add_bytes(bytes.fromhex(character.decode()))
        elif text:
            self._add_bytes(text)
        elif brace:
            self._turn(brace)
        elif escape:
            self._escape(escape)
        elif word:
            self._obey(word, int(number) if number else None)

    def finish(self) -> str:
        self._flush()
        return "".join(self.words)

    def _turn(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{":
            now = self._groups[-1]
            self._groups.append(_Group(is_shown=now.is_shown, skipped_after_unicode=now.skipped_after_unicode))
        elif len(self._groups) > 1:
            self._groups.pop()

    def _escape(self, sign: bytes) -> None:
        if sign == b"*":
            self._groups[-1].is_shown = False
        else:
            self._add(ESCAPES.get(sign, ""))

    def _obey(self, word: bytes, number: int | None) -> None:
        group = self._groups[-1]
        if word in FURNITURE:
            self._flush()
            group.is_shown = False
        elif word == b"ansicpg" and number:
            self._encoding = f"cp{number}"
        elif word == b"uc" and number is not None:
            group.skipped_after_unicode = number
        elif word == b"u" and number is not None:
            self._add(chr(number % 0x10000))
            self._to_skip = group.skipped_after_unicode
        else:
            self._add(BREAKS.get(word) or CHARACTERS.get(word) or "")

    def _add_bytes(self, raw: bytes) -> None:
        skipped = min(self._to_skip, len(raw))
        self._to_skip -= skipped
        if self._groups[-1].is_shown:
            self._raw += raw[skipped:]

    def _add(self, words: str) -> None:
        self._flush()
        if words and self._groups[-1].is_shown:
            self.words.append(words)

    def _flush(self) -> None:
        if self._raw:
            try:
                self.words.append(self._raw.decode(self._encoding, "replace"))
            except LookupError:
                self.words.append(self._raw.decode("cp1252", "replace"))
            self._raw.clear()


def read_rich_text(data: bytes) -> Transcript:
    """The text of an .rtf; raises CannotRead(broken) for bytes that are none."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise CannotRead(Unreadable.BROKEN, "not rich text")
    walk = _RichText()
    for token in TOKEN.finditer(data):
        walk.take(token)
    text = tidied(walk.finish().encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return Transcript(text=text, segments=(Segment(text=text),) if text else (), engine=ENGINE, language=None,
                      confidence=None)  # fmt: skip
