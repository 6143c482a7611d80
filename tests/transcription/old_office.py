"""Documents of old office programs for tests, built as those programs lay them out."""

import struct

from tests.transcription.compound import Tree, compound_file

TEXT_STARTS = 0x800


def old_word(*parts: str, deleted: str = "", flags: int = 0x0200) -> bytes:
    """A .doc of wide characters: text, then footnotes, headers, macros, comments and so on in Word's order."""
    text = "".join(parts)
    document = bytearray(TEXT_STARTS)
    struct.pack_into("<HHHHHH", document, 0, 0xA5EC, 0xC1, 0, 0, 0, flags)
    struct.pack_into("<II", document, 0x18, TEXT_STARTS, TEXT_STARTS + 2 * len(text))
    for place, part in zip((0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64, 0x68), parts, strict=False):
        struct.pack_into("<I", document, place, len(part))
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, TEXT_STARTS, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", document, 0x1A2, 0, len(table))
    content = bytes(document) + text.encode("utf-16-le")
    if deleted:
        content = content.ljust(0x1000, b"\x00")
        runs = struct.pack("<III", TEXT_STARTS, TEXT_STARTS + 2 * len(text), len(content) // 512)
        content = content[:0xFA] + struct.pack("<II", len(table), len(runs)) + content[0x102:]
        table += runs
        content += _page_of_runs(text, deleted)
    return compound_file({"WordDocument": content, "1Table": table})


def _page_of_runs(text: str, deleted: str) -> bytes:
    """Three runs, of which the middle one carries the mark of a deletion."""
    first = TEXT_STARTS + 2 * text.index(deleted)
    page = bytearray(512)
    struct.pack_into("<IIII", page, 0, TEXT_STARTS, first, first + 2 * len(deleted), TEXT_STARTS + 2 * len(text))
    page[16:19] = bytes([0, 200, 0])
    page[400:407] = bytes([6]) + struct.pack("<HBHB", 0x0835, 1, 0x0800, 1)
    page[511] = 3
    return bytes(page)


def older_word(text: str) -> bytes:
    """A .doc of Word 6: eight-bit characters in one stretch."""
    document = bytearray(TEXT_STARTS)
    struct.pack_into("<HH", document, 0, 0xA5DC, 101)
    content = text.encode("cp1252")
    struct.pack_into("<II", document, 0x18, TEXT_STARTS, TEXT_STARTS + len(content))
    return compound_file({"WordDocument": bytes(document) + content})


def old_workbook(rows: list[list[str | float]], *, sheet: str = "Visits") -> bytes:
    """An .xls of Excel 97 with one sheet ([MS-XLS] 2.4)."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    end = _record(0x000A, b"")
    name = sheet.encode("latin-1")
    length = len(begin) + 4 + 8 + len(name) + len(end)
    listed = _record(0x0085, struct.pack("<IHBB", length, 0, len(name), 0) + name)
    cells = b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    inside = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return compound_file({"Workbook": begin + listed + end + inside})


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        words = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + words)
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def old_slides(*texts: str, in_master: str = "Click to edit", locked: bool = False) -> bytes:
    """A .ppt whose slides say these texts, the last one in eight-bit characters."""
    atoms = [_atom(0x0FA0, text.encode("utf-16-le")) for text in texts[:-1]]
    atoms.append(_atom(0x0FA8, texts[-1].encode("latin-1")))
    master = _container(0x03F8, _atom(0x0FA8, in_master.encode("latin-1")))
    stream = master + _container(0x03EE, _container(0x040C, b"".join(atoms)))
    user = struct.pack("<HHIII", 0, 0x0FF6, 20, 20, 0xF3D1C4DF if locked else 0xE391C05F)
    return compound_file({"PowerPoint Document": stream, "Current User": user})


def _atom(kind: int, content: bytes) -> bytes:
    return struct.pack("<HHI", 0, kind, len(content)) + content


def _container(kind: int, content: bytes) -> bytes:
    return struct.pack("<HHI", 0xF, kind, len(content)) + content


def outlook_mail(*, inside: Tree | None = None, attached: tuple[str, bytes] | None = None) -> bytes:
    """A .msg with a sender, a subject and words; perhaps with a file, perhaps with another mail inside."""
    return compound_file(outlook_streams("The boy is cold.", inside=inside, attached=attached))


def outlook_streams(words: str, *, inside: Tree | None = None, attached: tuple[str, bytes] | None = None) -> Tree:
    """The streams of a mail as Outlook names them."""
    streams: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0C1A001F": "A. Carter".encode("utf-16-le"),
        "__substg1.0_0C1F001E": b"a.carter@example.org",
        "__substg1.0_0037001F": "Visit on Friday".encode("utf-16-le"),
        "__substg1.0_1000001F": words.encode("utf-16-le"),
    }
    if attached:
        file: Tree = {"__substg1.0_3707001F": attached[0].encode("utf-16-le"), "__substg1.0_37010102": attached[1]}
        streams["__attach_version1.0_#00000000"] = file
    if inside:
        streams["__attach_version1.0_#00000001"] = {"__substg1.0_3701000D": inside}
    return streams
