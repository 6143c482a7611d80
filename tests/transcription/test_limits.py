"""Files made to hang, crash or fill the memory of their reader cost that file alone, and nothing is ever fetched."""

import contextlib
import random
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.transcription.file_types.kinds import sound
from tests.transcription.new_office import binary_workbook, row, words_in, workbook, zipped
from tests.transcription.old_office import old_workbook
from tests.transcription.paper import W, damaged, packed, paragraph, with_part, word_document
from tests.transcription.recordings import VOICEMAILS, said_in, sound_of
from transcription.bounds import memory_bounded
from transcription.contract import CannotRead, EngineFailed
from transcription.documents.written import CUT, LONGEST_TEXT
from transcription.reading import Reader
from transcription.worker import TranscriptionWorker

ROWS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_a_file_that_crashes_its_reader_costs_itself_alone(worker: TranscriptionWorker) -> None:
    far_apart = binary_workbook({(0, 0): 1.0, (1_048_575, 16_383): 2.0})
    with pytest.raises(CannotRead, match="its reader gave up"):
        await worker.transcribe(far_apart, ROWS, "visits.xlsb")
    read = await worker.transcribe(word_document(paragraph("Dear team")), "application/octet-stream", "a.docx")
    assert read.text == "Dear team"


async def test_damaged_workbooks_are_read_or_refused(worker: TranscriptionWorker) -> None:
    new = workbook({"Visits": row(1, words_in("A1", "Dear team"))})
    for whole in (old_workbook([["Dear team", 6.0]]), new, binary_workbook({(0, 0): 1.5})):
        for number in range(8):
            with contextlib.suppress(CannotRead):
                await worker.transcribe(damaged(whole, random.Random(number)), "application/vnd.ms-excel", "a.xls")
    assert (await worker.transcribe(new, "", "")).text == "Visits\nDear team"


async def test_a_document_that_takes_without_end_is_given_up_in_time(tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model="none", models_dir=tmp_path, document_seconds=1.5)
    endless = word_document(paragraph("Dear team") * 900_000)
    with pytest.raises(EngineFailed, match=r"not read within 1\.5 seconds"):
        await worker.transcribe(endless, "application/octet-stream", "a.docx")
    assert (await worker.transcribe(b"Dear team", "text/plain")).text == "Dear team"
    await worker.close()


def test_a_picture_of_few_bytes_and_a_thousand_million_pixels_is_refused(reader: Reader) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    size = (30_000).to_bytes(4, "big") * 2
    lines = zlib.compress(bytes(3751) * 30_000, 9)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size + b"\x01\x00\x00\x00\x00")
        + chunk(b"IDAT", lines)
        + chunk(b"IEND", b"")
    )
    assert len(bomb) < 150_000
    with pytest.raises(CannotRead) as refused:
        reader.read(bomb, "image/png", "photo.png")
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("name", ["word/document.xml", "content.xml", "ppt/slides/slide1.xml"])
def test_markup_nested_without_end_is_refused(reader: Reader, name: str) -> None:
    deep = zipped({name: f"<a {W}>" + "<w:p>" * 60_000 + "</w:p>" * 60_000 + "</a>"})
    with pytest.raises(CannotRead) as refused:
        reader.read(deep, "application/octet-stream", "letter.odt")
    assert refused.value.reason == "broken"


@pytest.mark.parametrize("name", ["word/document.xml", "content.xml", "ppt/slides/slide1.xml"])
def test_a_billion_laughs_are_refused(reader: Reader, name: str) -> None:
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    bomb = zipped({name: f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'})
    with pytest.raises(CannotRead) as refused:
        reader.read(bomb, "application/octet-stream", "letter.odt")
    assert refused.value.reason == "broken"


def test_text_that_nobody_would_read_on_is_cut_and_says_so(reader: Reader) -> None:
    transcript = reader.read(word_document(paragraph("x" * (LONGEST_TEXT + 10))), "application/octet-stream", "a.docx")
    assert (len(transcript.text), transcript.note) == (LONGEST_TEXT, CUT)
    assert sum(len(segment.text) for segment in transcript.segments) == LONGEST_TEXT


def test_a_file_inside_a_file_inside_a_file_is_read_and_deeper_ones_are_named(reader: Reader) -> None:
    letter = word_document(paragraph("deepest"))
    for depth in ("third", "second", "first"):
        letter = with_part(word_document(paragraph(depth)), "word/embeddings/letter.docx", letter)
    text = reader.read(letter, "application/octet-stream", "a.docx").text
    assert text.count("File 1 inside: letter.docx") == 3
    assert "third" in text and "deepest" not in text and "(not read: unsupported)" in text


def test_memory_past_the_bound_is_refused_and_given_back_afterwards() -> None:
    with pytest.raises(MemoryError), memory_bounded(64):
        bytearray(512 * 1024 * 1024)
    assert len(bytearray(128 * 1024 * 1024)) == 128 * 1024 * 1024


@pytest.fixture
def beacon() -> Iterator[tuple[str, list[str]]]:
    """An address of this machine, and whoever asked for it."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/beacon", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_that_a_file_points_to_is_fetched(reader: Reader, beacon: tuple[str, list[str]]) -> None:
    address, asked = beacon
    link = f'<Relationships><Relationship Id="r1" TargetMode="External" Target="{address}"/></Relationships>'
    page = f'<html><link rel="stylesheet" href="{address}"><img src="{address}"><p>cold</p></html>'
    files = [
        with_part(word_document(paragraph("cold")), "word/_rels/document.xml.rels", link.encode()),
        packed(content_xml=f"<o xmlns:t='u' xmlns:x='v'><t:p>cold</t:p><t:image x:href='{address}'/></o>"),
        page.encode(),
        f"MIME-Version: 1.0\nDate: x\nSubject: y\nContent-Type: text/html\n\n{page}".encode(),
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "%s"><a>cold</a>' % address.encode(),
        rb"{\rtf1 {\field{\*\fldinst INCLUDEPICTURE %s}{\fldrslt cold}}}" % address.encode(),
    ]
    for file in files:
        assert "cold" in reader.read(file, "application/octet-stream", "a.odt").text
    assert asked == []


@pytest.mark.parametrize(("container", "codec", "film"), [
    ("mp4", "aac", "mpeg4"), ("mov", "aac", "mpeg4"), ("3gp", "aac", "mpeg4"), ("webm", "libopus", "libvpx"),
])  # fmt: skip
def test_the_sound_of_a_film_is_heard(reader: Reader, container: str, codec: str, film: str) -> None:
    spoken = (sound_of(VOICEMAILS[0]) * 32767).astype("int16").repeat(6).reshape(1, -1)
    made = sound(container, codec, film=film, samples=spoken)
    transcript = reader.read(made, "application/octet-stream", "from a phone")
    wanted, heard = said_in(VOICEMAILS[0]).lower().split(), transcript.text.lower().split()
    assert len(set(wanted) & set(heard)) >= len(set(wanted)) // 2
