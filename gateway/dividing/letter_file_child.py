"""The child of ``letter_file``: pages of files on standard input, a PDF of each letter on standard output."""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

import pikepdf

from gateway.dividing.picture_pages import as_pdf
from gateway.in_a_child import Lengths

SECONDS, OCTETS = 300, 2 * 1024**3
PDF = "application/pdf"


class Sources:
    """The files that pages are taken from: a PDF is opened when a page of it is first wanted."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files, self._opened = files, dict[str, pikepdf.Pdf]()
        self._pictures: list[pikepdf.Pdf] = []

    def page(self, sha256: str, media_type: str, number: int) -> pikepdf.Page:
        """Page ``number`` (from 1) of a file; raises what the reader of it raises."""
        if media_type != PDF:
            self._pictures.append(pikepdf.open(io.BytesIO(as_pdf(self._files[sha256], number))))
            return self._pictures[-1].pages[0]
        if sha256 not in self._opened:
            self._opened[sha256] = pikepdf.open(io.BytesIO(self._files[sha256]))
        return self._opened[sha256].pages[number - 1]

    def let_go(self) -> None:
        """Of the pictures given since the last time: they must live until the letter they are in is written."""
        self._pictures.clear()


def main() -> None:
    """Any failure ends the child with an error; nothing of a file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    os.nice(5)
    asked, files = _heard()
    sources = Sources(files)
    for letter in asked["letters"]:
        sys.stdout.buffer.write(Lengths.before(_made(letter, sources)))
        sys.stdout.buffer.flush()


def _heard() -> tuple[Any, dict[str, bytes]]:
    (length,) = Lengths.FORM.unpack(sys.stdin.buffer.read(Lengths.FORM.size))
    asked = json.loads(sys.stdin.buffer.read(length))
    return asked, {file["sha256"]: sys.stdin.buffer.read(file["size"]) for file in asked["files"]}


def _made(letter: list[dict[str, Any]], sources: Sources) -> bytes:
    """Without names, dates or anything that would differ the next time."""
    made = pikepdf.new()
    for asked in letter:
        made.pages.append(sources.page(asked["sha256"], asked["media_type"], asked["number"]))
        if asked["turned"]:
            made.pages[-1].rotate(asked["turned"], relative=True)
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    sources.let_go()
    return out.getvalue()


if __name__ == "__main__":
    main()
