"""Hands one scan in and has it divided, and with ``words`` also read: how long, how many letters, how much memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import sys
import time
from pathlib import Path

from sqlmodel import func, select

from benchmarks.run import settings
from channels.contract import RawMessage
from gateway.core import Core, open_core
from gateway.wiring import wire_channels, wire_desks
from storage.attachment import Attachment, TextState
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.sheet import Sheet


async def measured(core: Core, scan: Path, desks: tuple[str, ...]) -> dict[str, float]:
    """Seconds from the kept scan until nothing is due at these desks."""
    wired = wire_desks(core, wire_channels(core), desks)
    body = scan.read_bytes()
    raw = RawMessage(
        channel="letter", source_key=hashlib.sha256(body).hexdigest(), body=body, media_type="application/pdf",
        envelope={"name": scan.name},
    )  # fmt: skip
    await core.intake.accept(raw)
    began = time.perf_counter()
    for name in desks:
        await wired.named(name).drain(rounds=10_000)
    seconds = time.perf_counter() - began
    if wired.worker is not None:
        await wired.worker.close()
    return {"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **_found(core)}


def _found(core: Core) -> dict[str, float]:
    with core.database.reading() as session:
        counted = {
            "pages": select(func.count()).select_from(Sheet),
            "letters": select(func.count()).select_from(Message),
            "referrals": select(func.count()).select_from(Referral),
            "receipts": select(func.count()).select_from(Notice).where(Notice.kind == NoticeKind.RECEIPT),
            "unread": select(func.count()).select_from(Attachment).where(Attachment.text_state != TextState.DONE),
        }
        return {name: float(session.exec(query).one()) for name, query in counted.items()}


def main(scan: str, folder: str, url: str, words: str) -> None:
    """Prints JSON."""
    core = open_core(settings(Path(folder), url))
    desks = ("reading", "transcribing") if words else ("reading",)
    try:
        print(json.dumps(asyncio.run(measured(core, Path(scan), desks))))
    finally:
        core.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
