"""Gives every further letter of a scan a message of its own, in the transaction that divides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from sqlmodel import Session, col, func, select

from channels.contract import InFile, RawMessage
from gateway.dividing.letter_file import PageRef
from gateway.entering import Entering
from gateway.waiting import Waiting
from storage import direct, keeping
from storage.message import Message

LETTER_FILE, LETTER_SIZE, CAME_BACK, CODE = "letter_file", "letter_size", "came_back", "code"


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """One letter of a scan, whose file of these pages is kept already.

    ``arrived_on`` and ``basis`` (``ArrivedBasis``) are of its arrival, where that is known. ``came_back``: it is our
    own post returned; ``code`` is what our own code on it says.
    """

    pages: tuple[PageRef, ...]
    file_sha256: str
    size: int
    arrived_on: date | None = None
    basis: str = ""
    came_back: bool = False
    code: str = ""


def enter_letters(
    session: Session,
    entering: Entering,
    scan: Message,
    envelope: Mapping[str, str],
    letters: Sequence[NewLetter],
    *,
    at: datetime,
    arrived_by: str = "",
) -> list[str]:
    """The ids of the messages of these letters, in order; each has its own number and reference, and is to be read.

    ``scan`` is the message that brought the file, ``envelope`` its envelope. The bytes received are those of the scan,
    which must lie in the store of files. Locks the head of the ledger until the transaction ends.
    """
    if not letters:
        return []
    head = keeping.locked_head(session)
    first = 1 + _how_many(session, scan)
    raws = [_raw(scan, envelope, letter, first + place) for place, letter in enumerate(letters)]
    entering.enter(session, [Waiting.of(raw, at) for raw in raws], head)
    ids = _ids(session, scan, [raw.source_key for raw in raws])
    for id_, letter in zip(ids, letters, strict=True):
        direct.update(
            session, "message", id_, scan_id=scan.id, arrived_on=letter.arrived_on, arrived_basis=letter.basis,
            arrived_by=arrived_by if letter.arrived_on else "",
        )  # fmt: skip
    return ids


def envelope_of(scan: Message, envelope: Mapping[str, str], letter: NewLetter) -> dict[str, str]:
    """What the wire said of the scan, and what is known of this letter of it."""
    known = {
        "name": _named(envelope.get("name", ""), letter), LETTER_FILE: letter.file_sha256,
        LETTER_SIZE: str(letter.size), "scan": scan.id, "pages": ",".join(str(page.number) for page in letter.pages),
        CAME_BACK: "yes" if letter.came_back else "", CODE: letter.code,
    }  # fmt: skip
    return {**envelope, **{name: value for name, value in known.items() if value}}


def _named(name: str, letter: NewLetter) -> str:
    """The name of the scan, and which pages of it these are."""
    first, last = letter.pages[0].number, letter.pages[-1].number
    pages = f"page {first}" if first == last else f"pages {first} to {last}"
    return f"{PurePath(name).stem or 'scan'}, {pages}.pdf"


def _raw(scan: Message, envelope: Mapping[str, str], letter: NewLetter, number: int) -> RawMessage:
    return RawMessage(
        channel=scan.channel, source_key=f"{scan.source_key}/{number}", body=b"", media_type=scan.media_type,
        envelope=envelope_of(scan, envelope, letter), received_at=scan.received_at,
        in_file=InFile(sha256=scan.sha256, size=scan.size),
    )  # fmt: skip


def _how_many(session: Session, scan: Message) -> int:
    """Letters the scan has already; before it was divided it is one."""
    query = select(func.count()).select_from(Message).where(col(Message.scan_id) == scan.id, Message.id != scan.id)
    return 1 + session.exec(query).one()


def _ids(session: Session, scan: Message, keys: Sequence[str]) -> list[str]:
    query = select(Message.id).where(Message.channel == scan.channel, col(Message.source_key).in_(keys))
    return list(session.exec(query.order_by(col(Message.ledger_no))))
