"""Files handed in by a person: each becomes the message, or the messages, its channel would have received."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import puremagic

from channels.contract import RawMessage, Shelf
from channels.letter.in_pieces import HELD_BYTES, TakenIn, TakingIn
from channels.packed.outlook import is_outlook_mail
from gateway.handing_in.said import Said

CHANNELS = ("letter", "voicemail", "email")
SOUND = "audio/wav"
MAIL, OUTLOOK_MAIL = "message/rfc822", "application/vnd.ms-outlook"
_SEPARATOR = re.compile(rb"From \S+.*\d\d:\d\d.*\d{4}[^\n]{0,10}\r?\n")


async def taken_in(file: Path, channel: str, shelf: Shelf, said: Said | None = None) -> AsyncIterator[RawMessage]:
    """As ``as_messages``; a long letter goes onto the shelf in pieces, and what is said of letters goes with each.

    Raises ``NotKept``.
    """
    about = said.envelope() if said else {}
    if channel == "letter" and await asyncio.to_thread(_is_long, file):
        yield _with(await _long_letter(file, shelf), about)
        return
    messages = as_messages(file, channel)
    while message := await asyncio.to_thread(next, messages, None):
        yield _with(message, about)


def _with(message: RawMessage, about: dict[str, str]) -> RawMessage:
    return replace(message, envelope={**message.envelope, **about})


async def _long_letter(file: Path, shelf: Shelf) -> RawMessage:
    taking = TakingIn(shelf, most_bytes=sys.maxsize)
    try:
        with await asyncio.to_thread(file.open, "rb") as blocks:
            while block := await asyncio.to_thread(blocks.read, HELD_BYTES):
                await taking.feed(block)
        taken = await taking.whole()
    except BaseException:
        taking.abandon()
        raise
    return _of_long_letter(taken, file)


def _is_long(file: Path) -> bool:
    return file.stat().st_size > HELD_BYTES


def _of_long_letter(taken: TakenIn, file: Path) -> RawMessage:
    media_type = _type(taken.head, file, "letter")
    message = _message(taken.body, file, "letter", media_type, digest=taken.sha256)
    return replace(message, in_file=taken.in_file)


def as_messages(file: Path, channel: str) -> Iterator[RawMessage]:
    """A file is one message; a mailbox file (mbox, RFC 4155) is one for each mail in it. Blocks on the disk."""
    if channel != "email" or not _is_mailbox(file):
        yield as_message(file, channel)
        return
    for mail in _mails_in(file):
        yield _message(mail, file, channel, MAIL)


def as_message(file: Path, channel: str) -> RawMessage:
    """The file's exact bytes; handing in the same file again is a repeat. Blocks on the disk."""
    body = file.read_bytes()
    return _message(body, file, channel, _type(body, file, channel))


def _message(body: bytes, file: Path, channel: str, media_type: str, *, digest: str = "") -> RawMessage:
    digest = digest or hashlib.sha256(body).hexdigest()
    modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return RawMessage(
        channel=channel, source_key=f"ingest:{digest}:{file.name}"[:200], body=body, media_type=media_type,
        envelope={"name": file.name, "modified": modified.isoformat()}, received_at=modified,
    )  # fmt: skip


def _is_mailbox(file: Path) -> bool:
    """Whether it holds more than one mail; one alone is kept as it is, with the line above it."""
    mails = _mails_in(file)
    return next(mails, None) is not None and next(mails, None) is not None


def _mails_in(file: Path) -> Iterator[bytes]:
    """The mails between the lines that part them, one at a time; none if the file does not begin with such a line."""
    with file.open("rb") as lines:
        if not _SEPARATOR.match(lines.readline()):
            return
        mail: list[bytes] = []
        for line in lines:
            if mail and not mail[-1].strip() and _SEPARATOR.match(line):
                yield b"".join(mail[:-1])
                mail = []
            else:
                mail.append(line)
        if mail:
            yield b"".join(mail[:-1] if not mail[-1].strip() else mail)


def _type(body: bytes, file: Path, channel: str) -> str:
    if channel == "email" and is_outlook_mail(body):
        return OUTLOOK_MAIL
    if channel == "email" or file.suffix.lower() == ".eml":
        return MAIL
    try:
        guessed = puremagic.from_string(body, mime=True, filename=file.name)
    except (puremagic.PureError, ValueError):
        guessed = ""
    if channel == "voicemail":
        return guessed if guessed.startswith("audio/") else SOUND
    return guessed or "application/octet-stream"
