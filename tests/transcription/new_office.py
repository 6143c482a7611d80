"""Workbooks, slides and other packages for tests, with just the parts that a real office program would write."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDE = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" ' + f'xmlns:a="{DRAWN}"'


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip of named parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return file.getvalue()


def workbook(sheets: dict[str, str], *, hidden: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """An .xlsx whose sheets are given as the XML of their rows; dates carry the style `s="1"`."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name == hidden else ''}/>"
        for number, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="r{number}" Type="{RELATED}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    styled = f'<Relationship Id="styles" Type="{RELATED}/styles" Target="styles.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(
            {
                "/xl/workbook.xml": "spreadsheetml.sheet.main+xml",
                "/xl/styles.xml": "spreadsheetml.styles+xml",
                **{f"/xl/worksheets/sheet{n}.xml": "spreadsheetml.worksheet+xml" for n in range(1, len(sheets) + 1)},
            }
        ),
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r" Type="{RELATED}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">{links}{styled}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return zipped(parts | (more or {}))


def content_types(parts: dict[str, str]) -> str:
    """The list of what each part is, as office programs ask for it."""
    listed = "".join(
        f'<Override PartName="{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}"/>'
        for name, kind in parts.items()
    )
    plain = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{TYPES}">{plain}{listed}</Types>'


def words_in(place: str, words: str) -> str:
    """A cell with words."""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(words)}</t></is></c>'


def number_in(place: str, value: float, *, style: int = 0) -> str:
    """A cell with a number, or with style 1 a date as Excel counts days."""
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def presentation(slides: list[str], *, order: list[int] | None = None, notes: dict[int, str] | None = None) -> bytes:
    """A .pptx whose slides say these words, shown in the given order of numbers, some with speaker's notes."""
    order = order or list(range(1, len(slides) + 1))
    listed = "".join(f'<p:sldId r:id="r{number}"/>' for number in order)
    links = "".join(f'<Relationship Id="r{number}" Target="slides/slide{number}.xml"/>' for number in order)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "ppt/presentation.xml": f'<p:presentation {SLIDE} xmlns:r="{RELATED}"><p:sldIdLst>{listed}</p:sldIdLst>'
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{LINKS}">{links}</Relationships>',
    }
    for number, words in enumerate(slides, start=1):
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld {SLIDE}>{drawn(words)}</p:sld>"
    for number, words in (notes or {}).items():
        parts[f"ppt/notesSlides/notesSlide{number}.xml"] = (
            f'<p:notes {SLIDE}>{drawn(words)}<a:p><a:fld type="slidenum"><a:t>{number}</a:t></a:fld></a:p></p:notes>'
        )
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = (
            f'<Relationships xmlns="{LINKS}"><Relationship Id="n" Target="../notesSlides/notesSlide{number}.xml"/>'
            '<Relationship Id="x" TargetMode="External" Target="http://example.org/beacon"/></Relationships>'
        )
    return zipped(parts)


def drawn(words: str) -> str:
    """A text box, one paragraph for each line."""
    return "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in words.split("\n"))


def binary_workbook(cells: dict[tuple[int, int], float]) -> bytes:
    """An .xlsb with one sheet of numbers, by row and column counted from 0 ([MS-XLSB] 2.4)."""
    name = _wide("r1") + _wide("Visits")
    book = _record(131) + _record(143) + _record(156, bytes(4) + (1).to_bytes(4, "little") + name) + _record(144)
    rows = b"".join(
        _record(0, place.to_bytes(4, "little") + bytes(13))
        + _record(5, column.to_bytes(4, "little") + bytes(4) + struct.pack("<d", value))
        for (place, column), value in cells.items()
    )
    last = max(place for place, _ in cells), max(column for _, column in cells)
    area = struct.pack("<IIII", 0, last[0], 0, last[1])
    sheet = _record(129) + _record(148, area) + _record(145) + rows + _record(146) + _record(130)
    link = f'<Relationship Id="r1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
            "_rels/.rels": f'<Relationships xmlns="{LINKS}"/>',
            "xl/workbook.bin": book + _record(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{LINKS}">{link}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _wide(text: str) -> bytes:
    return len(text).to_bytes(4, "little") + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    """Kind and length are written in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(content)
    return head + (bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])) + content
