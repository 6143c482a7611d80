"""Words as a PDF draws them without showing them, each exactly over the place where it was read."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians, sin

from gateway.searchable.sheets import Behind, Sheet
from gateway.searchable.unseen_font import DESCENT, EM, WIDTH

LONGEST_MAP = 100  # ranges in one block of a character map (ISO 32000-1, 9.7.5)


class Signs:
    """A number for every sign that is used, from 1, whatever writing it belongs to."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def written(self, text: str) -> bytes:
        """The text in these numbers, as a PDF writes them."""
        numbers = (self._numbers.setdefault(sign, len(self._numbers) + 1) for sign in text)
        return b"<" + "".join(f"{number:04X}" for number in numbers).encode() + b">"

    def to_unicode(self) -> bytes:
        """The map by which a reader finds and copies the signs (a ToUnicode CMap)."""
        lines = [f"<{number:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for sign, number in self._numbers.items()]
        blocks = [lines[start : start + LONGEST_MAP] for start in range(0, len(lines), LONGEST_MAP)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return f"{BEFORE_MAP}{body}\n{AFTER_MAP}".encode()


def words_behind(sheet: Sheet, size: tuple[float, float], signs: Signs) -> bytes:
    """The operators that draw a sheet's words invisibly (text rendering mode 3) on a page of ``size`` points."""
    scale = (size[0] / sheet.width, size[1] / sheet.height)
    lines = [b" ".join(_drawn(line, scale, size[1], signs)) for line in sheet.lines if line]
    return b"BT 3 Tr\n" + b"\n".join(lines) + b"\nET\n" if lines else b""


def _drawn(line: tuple[Behind, ...], scale: tuple[float, float], high: float, signs: Signs) -> Iterator[bytes]:
    for number, word in enumerate(line):
        text = "".join(sign for sign in word.text if sign.isprintable())
        if not text:
            continue
        size = word.height * scale[1]
        wide = 100 * word.width * scale[0] / (WIDTH / EM * size * len(text))
        across, down = cos(radians(word.slant)), sin(radians(word.slant))
        baseline = word.y + word.height * (1 + DESCENT / EM)
        dx, dy = word.x - word.middle[0], baseline - word.middle[1]
        x = (word.middle[0] + dx * across - dy * down) * scale[0]
        y = high - (word.middle[1] + dx * down + dy * across) * scale[1]
        matrix = f"{across:.5f} {-down:.5f} {down:.5f} {across:.5f} {x:.2f} {y:.2f} Tm"
        end = " " if number < len(line) - 1 else ""
        yield f"/Words {size:.2f} Tf {wide:.2f} Tz {matrix} ".encode() + signs.written(text + end) + b" Tj"


BEFORE_MAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
AFTER_MAP = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
