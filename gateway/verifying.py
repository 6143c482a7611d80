"""Whether everything kept is still what was received: the ledger's chain, every sealed body and every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlmodel import Session, col, func, select

from gateway import held_here
from gateway.core import Core
from storage.attachment import Attachment
from storage.blobs import BlobMissing
from storage.message import NO_HASH, LedgerHead, Message, link_hash, received_text
from storage.sealing import SealBroken

PAGE = 500


def how_much(core: Core) -> int:
    """How many steps ``faults`` will take."""
    with core.database.reading() as session:
        messages = session.exec(select(func.count()).select_from(Message)).one()
        return int(messages + session.exec(select(func.count()).select_from(Attachment)).one())


def faults(core: Core) -> Iterator[str]:
    """One item a message and a part, in order of receipt: what is wrong with it, or nothing."""
    with core.database.reading() as session:
        yield from _chain(core, session)
        yield from _reports(core, session)
        yield from _parts(core, session)
    yield from held_here.faults(core)


def _chain(core: Core, session: Session) -> Iterator[str]:
    number, chain = 0, NO_HASH
    while page := _after(session, number):
        for row in page:
            expected, number = number + 1, row.ledger_no or 0
            broken = _link_fault(row, expected, chain) or _content_fault(core, session, row)
            chain = row.chain_hash
            yield broken
        session.expunge_all()
    head = session.get_one(LedgerHead, 1)
    if (head.ledger_no, head.chain_hash) != (number, chain):
        yield f"the ledger ends at number {number}, its head says {head.ledger_no}"


def _after(session: Session, number: int) -> list[Message]:
    query = select(Message).where(col(Message.ledger_no) > number).order_by(col(Message.ledger_no)).limit(PAGE)
    return list(session.exec(query))


def _link_fault(row: Message, expected: int, chain: str) -> str:
    number = row.ledger_no or 0
    if number != expected:
        return f"ledger number {expected} is missing"
    if row.prev_hash != chain:
        return f"ledger number {number} does not follow the one before it"
    if row.chain_hash != link_hash(chain, number, row.channel, received_text(row.received_at), row.sha256):
        return f"ledger number {number} was changed"
    return ""


def _reports(core: Core, session: Session) -> Iterator[str]:
    after = ""
    query = select(Message).where(col(Message.ledger_no).is_(None)).order_by(col(Message.id)).limit(PAGE)
    while page := session.exec(query.where(col(Message.id) > after)).all():
        for row in page:
            after = row.id
            yield _content_fault(core, session, row)
        session.expunge_all()


def _content_fault(core: Core, session: Session, row: Message) -> str:
    name = f"ledger number {row.ledger_no}" if row.ledger_no else f"report {row.id[:8]}"
    try:
        sha256 = _sha256(core.contents.pieces_of_message(session, row))
    except (BlobMissing, SealBroken) as error:
        return f"{name}: its bytes are {'missing' if isinstance(error, BlobMissing) else 'changed'}"
    return "" if sha256 == row.sha256 else f"{name}: its bytes are not what was received"


def _parts(core: Core, session: Session) -> Iterator[str]:
    after = ""
    query = select(Attachment).order_by(col(Attachment.id)).limit(PAGE)
    while page := session.exec(query.where(col(Attachment.id) > after)).all():
        for row in page:
            after = row.id
            yield _part_fault(core, session, row)
        session.expunge_all()


def _part_fault(core: Core, session: Session, row: Attachment) -> str:
    try:
        if row.sha256:
            is_whole = _sha256(core.contents.pieces_of_part(session, row)) == row.sha256
            return "" if is_whole else f"part {row.id}: its file is changed"
    except (BlobMissing, SealBroken) as error:
        return f"part {row.id}: its file is {'missing' if isinstance(error, BlobMissing) else 'changed'}"
    return ""


def _sha256(pieces: Iterator[bytes]) -> str:
    """Of what may be larger than memory."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
