"""What could run is known by bytes, by name or by type, however it is dressed up; what cannot is left alone."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest

from channels.active_content import active_in
from storage.attachment import Active

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def zipped(*names: str) -> bytes:
    """An archive, or an office document, with these in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def compound(*names: str) -> bytes:
    """The beginning of an old office file, and its directory."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\x00").ljust(128, b"\x00") for name in names)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + entries


def with_object_stream(inner: bytes) -> bytes:
    """A PDF whose objects are compressed."""
    coded = zlib.compress(inner)
    return PDF + b"2 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\r\n" + coded + b"\nendstream"


ACTIVE = [
    ("invoice.exe", b"MZ\x90\x00", Active.PROGRAM), ("photo.jpg", b"MZ\x90\x00", Active.PROGRAM),
    ("photo.jpg.js", b"words", Active.PROGRAM), ("note.lnk", b"x", Active.PROGRAM), ("disk.ISO", b"x", Active.PROGRAM),
    ("note.exe. ", b"x", Active.PROGRAM), ("ann\u202efdp.exe", b"x", Active.PROGRAM), ("a.hta", b"", Active.PROGRAM),
    ("run.ps1", b"x", Active.PROGRAM), ("link", b"L\x00\x00\x00\x01\x14\x02\x00", Active.PROGRAM),
    ("unix", b"#!/bin/sh", Active.PROGRAM), ("tool", b"\x7fELF", Active.PROGRAM), ("x.e\u200bxe", b"x", Active.PROGRAM),
    ("a.docx", zipped("word/document.xml", "word/vbaProject.bin"), Active.MACRO),
    ("a.xlsx", zipped("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), Active.MACRO),
    ("a.odt", zipped("content.xml", "Basic/Standard/script-lb.xml"), Active.MACRO),
    ("a.doc", compound("Root Entry", "WordDocument", "Macros", "VBA"), Active.MACRO),
    ("a.xls", compound("Root Entry", "Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT"), Active.MACRO),
    ("a.rtf", b"{\\rtf1{\\object\\objocx{\\*\\objdata 0105}}}", Active.MACRO),
    ("a.pdf", PDF + b"<< /S /JavaScript /JS (app.alert) >>", Active.SCRIPT),
    ("a.pdf", PDF + b"<< /S /J#61vaScript /#4aS 1 0 R >>", Active.SCRIPT),
    ("a.pdf", b"junk\n" + PDF + b"<< /S /Launch >>", Active.SCRIPT),
    ("a.pdf", with_object_stream(b"<< /S /JavaScript >>"), Active.SCRIPT),
    ("a.svg", b"<svg onload=x>", Active.PAGE), ("a.png", b"  <svg onload=x>", Active.PAGE),
    ("a.html", b"words", Active.PAGE), ("a", b"\xef\xbb\xbf<!DOCTYPE html>", Active.PAGE), ("a.xml", b"x", Active.PAGE),
]  # fmt: skip
STILL = [
    ("note.txt", b"The program MZ runs"), ("photo.png", b"\x89PNG\r\n\x1a\n"), ("a.pdf", PDF),
    ("a.docx", zipped("word/document.xml")), ("a.doc", compound("Root Entry", "WordDocument", "1Table")),
    ("a.zip", zipped("photo.jpg")), ("a.rtf", b"{\\rtf1 words}"), ("commons.txt", b"a"), ("", b""), ("exe", b"x"),
    ("a.pdf", with_object_stream(b"<< /Type /Page >>")), ("a.pdf", PDF + b"/JSON /Launcher"), ("2.com.txt", b"x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "active"), ACTIVE)
def test_what_could_run_is_known(name: str, content: bytes, active: Active) -> None:
    assert active_in(content, name=name, media_type="application/octet-stream") is active


@pytest.mark.parametrize(("name", "content"), STILL)
def test_what_cannot_run_is_left_alone(name: str, content: bytes) -> None:
    assert active_in(content, name=name, media_type="application/octet-stream") is Active.NONE


def test_its_media_type_alone_is_enough() -> None:
    assert active_in(b"x", name="a", media_type="Image/SVG+xml; charset=utf-8") is Active.PAGE
    assert active_in(b"x", name="a", media_type="application/x-dosexec") is Active.PROGRAM


@pytest.mark.parametrize("piece", [b"/ObjStm stream\r\n", b"/ObjStm", b"#4a", b"\x78\x9c" * 8, b"/JS"])
def test_a_large_file_made_to_be_slow_is_not(piece: bytes) -> None:
    began = time.perf_counter()
    active_in(PDF + piece * (8_000_000 // len(piece)), name="a.pdf", media_type="application/pdf")
    assert time.perf_counter() - began < 2


def test_a_compressed_bomb_takes_no_memory_to_speak_of() -> None:
    active_in(with_object_stream(bytes(40_000_000)) * 3, name="a.pdf", media_type="application/pdf")
