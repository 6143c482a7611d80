"""``python -m benchmarks.document_load FOLDER SECONDS``: reads mails and documents as the gateway does, for figures."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from channels.contract import Enclosure, Inbound
from gateway.unread import not_to_be_read
from tests.channels.email.northshire import SENDER, as_kept, email_channel
from transcription.choose import Kind, can_read, kind_of_bytes
from transcription.contract import CannotRead
from transcription.reading import Reader
from transcription.wire import Setup

LOOKED_AT_OR_HEARD = frozenset({Kind.PICTURE, Kind.RECORDING})
"""What takes seconds is measured elsewhere (`ocr`, `speech`)."""


def main() -> None:
    """Prints mails a second (and how many files of them were read), milliseconds a document, and peak memory."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    setup = Setup(
        speech_model="none", speech_engine="faster-whisper", models_dir=str(folder), threads=1, memory_limit_mb=4096
    )
    reader = Reader(setup)
    told: dict[str, object] = {}
    for kind in ("published", "generated"):
        mails = [path.read_bytes() for path in sorted((folder / kind).iterdir())]
        if mails:
            told[kind], told[f"{kind} files"] = _mails_a_second(mails, reader, seconds)
    told["documents"] = {
        path.name: _milliseconds(lambda path=path: reader.read(path.read_bytes(), "", path.name))  # type: ignore[misc]
        for path in sorted((folder / "documents").iterdir())
    }
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def _mails_a_second(mails: list[bytes], reader: Reader, seconds: float) -> tuple[float, int]:
    """Whole rounds through the mails until the time is over, after one that fills what is kept ready."""
    files = sum(_read_mail(mail, reader) for mail in mails)
    began, rounds = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or not rounds:
        for mail in mails:
            _read_mail(mail, reader)
        rounds += 1
    return rounds * len(mails) / (time.perf_counter() - began), files


def _read_mail(mail: bytes, reader: Reader) -> int:
    read = 0
    found = email_channel().parse(as_kept(mail, mail_from=SENDER))
    for file in found.enclosures if isinstance(found, Inbound) else ():
        if not _is_read(file):
            continue
        try:
            reader.read(file.content or b"", file.media_type, file.name)
        except CannotRead:
            continue
        read += 1
    return read


def _is_read(file: Enclosure) -> bool:
    """As the gateway decides it, but for what takes seconds."""
    if not_to_be_read("email", file.media_type, file.name) or not can_read(file.media_type, file.name):
        return False
    return kind_of_bytes(file.content or b"", file.media_type, file.name) not in LOOKED_AT_OR_HEARD


def _milliseconds(read: Callable[[], object]) -> float:
    """The least of five: what else the machine does only adds."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        read()
        taken.append(time.perf_counter() - began)
    return 1000 * min(taken)


if __name__ == "__main__":
    main()
