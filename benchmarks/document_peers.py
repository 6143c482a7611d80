"""Reads the same files with other libraries, in an environment of their own: run by `documents`, not by itself."""

import email
import email.policy
import importlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def docx2txt(content: bytes) -> object:
    return _module("docx2txt").process(io.BytesIO(content))


def openpyxl(content: bytes) -> object:
    book = _module("openpyxl").load_workbook(io.BytesIO(content), read_only=True)
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def xlrd(content: bytes) -> object:
    book = _module("xlrd").open_workbook(file_contents=content)
    return [sheet.row_values(number) for sheet in book.sheets() for number in range(sheet.nrows)]


def striprtf(content: bytes) -> object:
    return _module("striprtf.striprtf").rtf_to_text(content.decode("cp1252"))


def html2text(content: bytes) -> object:
    return _module("html2text").html2text(content.decode())


def pypdf(content: bytes) -> object:
    return "\n".join(page.extract_text() for page in _module("pypdf").PdfReader(io.BytesIO(content)).pages)


def legacy_doc(content: bytes) -> object:
    return _module("legacy_doc").extract_text(content).text


def stdlib_and_html2text(content: bytes) -> object:
    """A mail's words as the standard library finds them, its HTML by html2text; no attachment is read."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = body.get_content()
    return html2text(text.encode()) if body.get_content_subtype() == "html" else text


PEERS: dict[str, tuple[Callable[[bytes], object], ...]] = {
    ".docx": (docx2txt,), ".xlsx": (openpyxl,), ".xls": (xlrd,),
    ".rtf": (striprtf,), ".html": (html2text,), ".pdf": (pypdf,), ".doc": (legacy_doc,),
}  # fmt: skip


def _module(name: str) -> Any:
    return importlib.import_module(name)


def main() -> None:
    """Prints milliseconds a document by peer, and mails a second; what fails is named with null."""
    folder = Path(sys.argv[1])
    told: dict[str, dict[str, float | None]] = {}
    for path in sorted((folder / "documents").iterdir()):
        told[path.name] = {read.__name__: _milliseconds(read, path.read_bytes()) for read in PEERS.get(path.suffix, ())}
    for kind in ("published", "generated"):
        mails = [path.read_bytes() for path in sorted((folder / kind).iterdir())]
        if mails:
            told[kind] = {"stdlib and html2text": _mails_a_second(mails)}
    print(json.dumps(told))


def _milliseconds(read: Callable[[bytes], object], content: bytes) -> float | None:
    taken = []
    try:
        for _ in range(5):
            began = time.perf_counter()
            read(content)
            taken.append(time.perf_counter() - began)
    except Exception:
        return None
    return 1000 * min(taken)


def _mails_a_second(mails: list[bytes]) -> float:
    began, failed = time.perf_counter(), 0
    for mail in mails:
        try:
            stdlib_and_html2text(mail)
        except Exception:
            failed += 1
    return (len(mails) - failed) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
