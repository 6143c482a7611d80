"""Whether we live and whether every part is ready, for operators and their machines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from channels.mailbox import Mailbox
from gateway import checking, sending_state
from gateway.core import Core
from gateway.pulling.away import trouble_with
from gateway.scanning import Clamd, ScannerAway
from storage import disk, referral, work
from storage.blobs import FileBlobs

QUEUES = ("reading", "scanning", "transcribing", "notifying")


def health_router(core: Core, doors: int, mailboxes: Sequence[Mailbox] = ()) -> APIRouter:
    """``/health/live``, ``/health/ready`` (which says which part is not) and ``/metrics``."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/health/ready")
    def ready(response: Response) -> dict[str, dict[str, str]]:
        """Each part as ``ready`` or what is wrong with it; 503 if one is not."""
        parts = {
            "database": _database(core), "disk": _disk(core), "spool": _spool(core), "doors": f"ready ({doors} open)",
            "store": _store(core), "sending": _sending(core), "mailboxes": _mailboxes(core, mailboxes),
        }  # fmt: skip
        if core.settings.clamd:
            parts["scanner"] = _scanner(core)
        if any(not state.startswith("ready") for state in parts.values()):
            response.status_code = 503
        return {"parts": parts}

    @router.get("/metrics")
    def metrics() -> Response:
        """Counts and ages for Prometheus; no words, names or numbers of anybody."""
        return Response(_metrics(core), media_type=CONTENT_TYPE_LATEST)

    return router


def _database(core: Core) -> str:
    if not core.intake.draining.is_up.is_set():
        return "cannot be reached since the start"
    try:
        with core.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"cannot be reached ({type(error).__name__})"
    return "ready"


def _disk(core: Core) -> str:
    folder = core.settings.data_dir
    if disk.has_room(folder):
        return "ready"
    return f"nearly full ({disk.free_bytes(folder) // 1024 // 1024} MiB left): nothing more is taken in"


def _store(core: Core) -> str:
    """Without the store what is large is kept in the database: no reason to take nothing in. A bucket is not asked."""
    root = core.blobs.root if isinstance(core.blobs, FileBlobs) else None
    if root is None or (root.is_dir() and os.access(root, os.W_OK | os.X_OK)):
        return "ready"
    return "ready to receive, but the folder of sealed files cannot be written"


def _spool(core: Core) -> str:
    holding = core.intake.holding
    if not holding.is_in_force:
        return "ready"
    count = holding.spool.count
    return f"holding {count} message{'' if count == 1 else 's'} until the database is back"


def _scanner(core: Core) -> str:
    """Nothing waits for it but a mark on each file."""
    try:
        return f"ready ({asyncio.run(Clamd(core.settings.clamd).version(1.0))})"
    except ScannerAway:
        return "ready to receive, but the virus scanner cannot be asked: files are marked once it is back"


def _sending(core: Core) -> str:
    """A process that cannot send still takes in: it stays ready for that, and says what an operator must mend."""
    try:
        with core.database.reading() as session:
            wrong = sending_state.not_set_up(session)
    except SQLAlchemyError:
        return "ready to receive; what waits to be sent is not known"
    return "ready to receive, but " + "; ".join(wrong) if wrong else "ready"


def _mailboxes(core: Core, boxes: Sequence[Mailbox]) -> str:
    """What lies in a mailbox waits there: no reason to shut the doors."""
    try:
        with core.database.reading() as session:
            wrong = list(trouble_with(session, boxes, core.clock()))
    except SQLAlchemyError:
        return "ready to receive; whether mailboxes are reached is not known"
    return "ready to receive, but " + "; ".join(wrong) if wrong else "ready"


def _metrics(core: Core) -> bytes:
    """What this process holds is told whether the database answers or not."""
    registry = CollectorRegistry()
    _held(registry, core)
    answers = Gauge("frontdoor_database_answers", "1 if the database can be asked", registry=registry)
    answers.set(1)
    try:
        if not core.intake.draining.is_up.is_set():
            answers.set(0)
        else:
            with core.database.reading() as session:
                _of_database(registry, session, core)
    except SQLAlchemyError:
        answers.set(0)
    return generate_latest(registry)


def _held(registry: CollectorRegistry, core: Core) -> None:
    holding, oldest = core.intake.holding, core.intake.holding.oldest
    age = (core.clock() - oldest.captured_at).total_seconds() if oldest else 0
    for name, what, value in (
        ("frontdoor_spool_messages", "messages held until the database is back", holding.spool.count),
        ("frontdoor_spool_bytes", "bytes they take", holding.spool.size),
        ("frontdoor_spool_oldest_seconds", "how long the first of them has been held", age),
        ("frontdoor_spool_broken_off", "records that broke off while they were written", holding.spool.torn),
        ("frontdoor_spool_set_aside", "records that could not be read back", len(list(holding.spool.lost()))),
        ("frontdoor_reserved_references", "references at hand without the database", holding.reserve.count),
        ("frontdoor_streams_running", "calls whose sound is being kept now", core.capturing.running),
        ("frontdoor_streams_kept_seconds", "seconds of sound kept since the start", core.capturing.kept_seconds),
        ("frontdoor_streams_unwritten_bytes", "sound the disk has not taken yet", core.capturing.unwritten_bytes),
        ("frontdoor_streams_to_hand_in", "streams that ended and are not kept yet", core.capturing.leaving.waiting),
    ):
        Gauge(name, what, registry=registry).set(value)


def _of_database(registry: CollectorRegistry, session: Session, core: Core) -> None:
    """All are asked before any is shown, so that a database that goes away meanwhile leaves no half of them."""
    now = core.clock()
    due = {queue: work.oldest_due(session, queue, now) for queue in QUEUES}
    found = {
        "frontdoor_open_referrals": ("open referrals", referral.open_count(session)),
        "frontdoor_overdue_referrals": ("open referrals past their time", referral.overdue_count(session, now)),
        "frontdoor_broken_promises": ("promises not kept", sum(checking.counts(session, now).values())),
    }
    for name, (what, value) in found.items():
        Gauge(name, what, registry=registry).set(value)
    age = Gauge("frontdoor_oldest_due_seconds", "age of the oldest due work", ["queue"], registry=registry)
    for queue, since in due.items():
        age.labels(queue).set((now - since).total_seconds() if since else 0)
