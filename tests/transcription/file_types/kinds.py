"""One small file of each kind, made here as the programs make it, with the media type that it is."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.transcription.compound import compound_file
from tests.transcription.new_office import presentation, row, words_in, workbook, zipped
from tests.transcription.old_office import old_slides, old_word, old_workbook, outlook_mail
from tests.transcription.paper import form_pdf, paragraph, saved, word_document

ASF = b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel"
OPEN = "application/vnd.oasis.opendocument."


def picture(form: str) -> bytes:
    return saved(Image.new("RGB", (16, 16), "navy"), form)


def open_package(kind: str) -> bytes:
    """An OpenDocument file or a book, which names itself first and unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("mimetype", kind)
        out.writestr("content.xml", "<a/>")
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as out:
        content = form_pdf({"Name": "Jane"})
        part = tarfile.TarInfo("form.pdf")
        part.size = len(content)
        out.addfile(part, io.BytesIO(content))
    return file.getvalue()


def stored_pdf_in_a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as out:
        out.writestr("form.pdf", form_pdf({"Name": "Jane"}))
    return file.getvalue()


def windows_program() -> bytes:
    return b"MZ\x90\x00".ljust(60, b"\x00") + struct.pack("<I", 64) + b"PE\x00\x00L\x01".ljust(400, b"\x00")


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = (
        "a@example.org",
        "b@example.org",
        "Mon, 23 Nov 2026 10:00:00 +0000",
    )
    message.set_content("He is cold.")
    return message.as_bytes()


def sound(
    container: str, codec: str, *, rate: int = 48000, film: str = "", samples: NDArray[np.int16] | None = None
) -> bytes:
    """A recording, by default a moment of silence; with a black picture if `film` names a codec."""
    samples = np.zeros((1, rate // 10), np.int16) if samples is None else samples
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        track = out.add_stream(codec, rate=rate)
        seen = out.add_stream(film, rate=25) if film else None
        assert isinstance(track, av.AudioStream)
        if isinstance(seen, av.VideoStream):
            seen.width = seen.height = 64
            seen.pix_fmt = "yuv420p"
            black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            out.mux(seen.encode(black))
            out.mux(seen.encode(None))
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.rate = rate
        resampler = av.AudioResampler(format=track.format, layout=track.layout, rate=rate, frame_size=track.frame_size)
        for piece in (*resampler.resample(frame), *resampler.resample(None), None):
            out.mux(track.encode(piece))
    return file.getvalue()


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf": ("application/pdf", lambda: form_pdf({"Name": "Jane"})),
    "pdf after a gateway's line": ("application/pdf", lambda: b"\r\nscanned\r\n" + form_pdf({"Name": "Jane"})),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",
             lambda: word_document(paragraph("Dear team"))),
    "docm": ("application/vnd.ms-word.document.macroEnabled.12",
             lambda: zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": b"x"})),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             lambda: workbook({"A": row(1, words_in("A1", "x"))})),
    "xlsm": ("application/vnd.ms-excel.sheet.macroEnabled.12",
             lambda: zipped({"xl/workbook.xml": "<a/>", "xl/vbaProject.bin": b"x"})),
    "xlsb": ("application/vnd.ms-excel.sheet.binary.macroEnabled.12", lambda: zipped({"xl/workbook.bin": b"x"})),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation",
             lambda: presentation(["Jane"])),
    "doc": ("application/msword", lambda: old_word("Dear team\r")),
    "xls": ("application/vnd.ms-excel", lambda: old_workbook([["Jane"]])),
    "ppt": ("application/vnd.ms-powerpoint", lambda: old_slides("Jane")),
    "msg": ("application/vnd.ms-outlook", outlook_mail),
    "msg with a document in it": ("application/vnd.ms-outlook",
                                  lambda: outlook_mail(attached=("a.doc", old_word("x\r")))),
    "locked office file": ("application/encrypted", lambda: compound_file({"EncryptedPackage": b"x"})),
    "installer": ("application/x-msi",
                  lambda: compound_file({"x": b"y"}, clsid="000C1084-0000-0000-C000-000000000046")),
    "unknown compound file": ("application/x-ole-storage", lambda: compound_file({"x": b"y"})),
    "odt": (OPEN + "text", lambda: open_package(OPEN + "text")),
    "ods": (OPEN + "spreadsheet", lambda: open_package(OPEN + "spreadsheet")),
    "odp": (OPEN + "presentation", lambda: open_package(OPEN + "presentation")),
    "epub": ("application/epub+zip", lambda: open_package("application/epub+zip")),
    "pages": ("application/vnd.apple.pages", lambda: zipped({"Index/Document.iwa": b"x", "preview.jpg": b"x"})),
    "numbers": ("application/vnd.apple.numbers",
                lambda: zipped({"Index/Document.iwa": b"x", "Index/CalculationEngine.iwa": b"x"})),
    "xps": ("application/vnd.ms-xpsdocument", lambda: zipped({"FixedDocumentSequence.fdseq": "<a/>"})),
    "jar": ("application/java-archive", lambda: zipped({"META-INF/MANIFEST.MF": "x", "A.class": b"x"})),
    "apk": ("application/vnd.android.package-archive", lambda: zipped({"AndroidManifest.xml": b"x"})),
    "zip": ("application/zip", lambda: zipped({"photo.jpg": b"x"})),
    "zip that begins with a pdf": ("application/zip", stored_pdf_in_a_zip),
    "empty zip": ("application/zip", lambda: zipped({})),
    "tar": ("application/x-tar", tar),
    "gzip": ("application/gzip", lambda: gzip.compress(b"x")),
    "bzip2": ("application/x-bzip2", lambda: bz2.compress(b"x")),
    "xz": ("application/x-xz", lambda: lzma.compress(b"x")),
    "rar": ("application/vnd.rar", lambda: b"Rar!\x1a\x07\x01\x00xx"),
    "7z": ("application/x-7z-compressed", lambda: b"7z\xbc\xaf\x27\x1c\x00\x04xx"),
    "tnef": ("application/ms-tnef", lambda: b"\x78\x9f\x3e\x22\x00\x00"),
    "jpeg": ("image/jpeg", lambda: picture("JPEG")),
    "png": ("image/png", lambda: picture("PNG")),
    "gif": ("image/gif", lambda: picture("GIF")),
    "bmp": ("image/bmp", lambda: picture("BMP")),
    "tiff": ("image/tiff", lambda: picture("TIFF")),
    "webp": ("image/webp", lambda: picture("WEBP")),
    "heic": ("image/heic", lambda: picture("HEIF")),
    "icon": ("image/vnd.microsoft.icon", lambda: picture("ICO")),
    "svg": ("image/svg+xml", lambda: b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "wav": ("audio/wave", lambda: sound("wav", "pcm_s16le")),
    "mp3 with tags": ("audio/mpeg", lambda: sound("mp3", "libmp3lame")),
    "mp3 without tags": ("audio/mpeg", lambda: b"\xff\xfb\x90\x64" + bytes(100)),
    "aac": ("audio/aac", lambda: sound("adts", "aac")),
    "ogg": ("audio/ogg", lambda: sound("ogg", "libopus")),
    "flac": ("audio/flac", lambda: sound("flac", "flac")),
    "m4a": ("audio/mp4", lambda: sound("ipod", "aac")),
    "amr": ("audio/amr", lambda: b"#!AMR\n" + bytes(32)),
    "wma": ("audio/x-ms-wma", lambda: ASF + bytes(60)),
    "mp4": ("video/mp4", lambda: sound("mp4", "aac", film="mpeg4")),
    "mov": ("video/quicktime", lambda: sound("mov", "aac", film="mpeg4")),
    "3gp": ("video/3gpp", lambda: sound("3gp", "aac", film="mpeg4")),
    "webm": ("video/webm", lambda: sound("webm", "libopus", film="libvpx")),
    "mkv": ("video/x-matroska", lambda: sound("matroska", "libopus", film="mpeg4")),
    "avi": ("video/x-msvideo", lambda: sound("avi", "mp3", film="mpeg4")),
    "windows program": ("application/x-dosexec", windows_program),
    "linux program": ("application/x-executable", lambda: b"\x7fELF\x02\x01\x01" + bytes(60)),
    "shortcut": ("application/x-ms-shortcut", lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)),
    "batch file": ("text/x-msdos-batch", lambda: b"@echo off\r\ndel *.*\r\n"),
    "shell script": ("text/x-shellscript", lambda: b"#!/bin/sh\nrm x\n"),
    "web page": ("text/html", lambda: b"\n<!-- saved --><!DOCTYPE html><html><body>x</body></html>"),
    "xml": ("application/xml", lambda: b'\xef\xbb\xbf<?xml version="1.0"?><child/>'),
    "rtf": ("application/rtf", lambda: rb"{\rtf1\ansi hello}"),
    "mail": ("message/rfc822", mail),
    "saved web page": ("multipart/related",
                       lambda: b"From: <Saved>\r\nDate: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b--"),
    "visiting card": ("text/vcard", lambda: b"BEGIN:VCARD\r\nFN:Alex\r\nEND:VCARD\r\n"),
    "calendar": ("text/calendar", lambda: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
}  # fmt: skip
