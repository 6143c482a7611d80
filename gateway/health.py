"""Whether we live and whether every part is ready, for operators and their machines."""

from __future__ import annotations

import shutil

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway import checking
from gateway.core import Core
from storage import referral, work

LEAST_FREE_BYTES = 200 * 1024 * 1024
QUEUES = ("reading", "transcribing", "notifying")


def health_router(core: Core, doors: int) -> APIRouter:
    """``/health/live``, ``/health/ready`` (which says which part is not) and ``/metrics``."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/health/ready")
    def ready(response: Response) -> dict[str, dict[str, str]]:
        """Each part as ``ready`` or what is wrong with it; 503 if one is not."""
        parts = {"database": _database(core), "disk": _disk(core), "doors": f"ready ({doors} open)"}
        if any(not state.startswith("ready") for state in parts.values()):
            response.status_code = 503
        return {"parts": parts}

    @router.get("/metrics")
    def metrics() -> Response:
        """Counts and ages for Prometheus; no words, names or numbers of anybody."""
        return Response(_metrics(core), media_type=CONTENT_TYPE_LATEST)

    return router


def _database(core: Core) -> str:
    try:
        with core.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"cannot be reached ({type(error).__name__})"
    return "ready"


def _disk(core: Core) -> str:
    free = shutil.disk_usage(core.settings.data_dir).free
    return "ready" if free > LEAST_FREE_BYTES else f"nearly full ({free // 1024 // 1024} MiB left)"


def _metrics(core: Core) -> bytes:
    registry = CollectorRegistry()
    with core.database.reading() as session:
        _referrals(registry, session, core)
        age = Gauge("frontdoor_oldest_due_seconds", "age of the oldest due work", ["queue"], registry=registry)
        for queue in QUEUES:
            due = work.oldest_due(session, queue, core.clock())
            age.labels(queue).set((core.clock() - due).total_seconds() if due else 0)
    return generate_latest(registry)


def _referrals(registry: CollectorRegistry, session: Session, core: Core) -> None:
    now = core.clock()
    Gauge("frontdoor_open_referrals", "open referrals", registry=registry).set(referral.open_count(session))
    overdue = Gauge("frontdoor_overdue_referrals", "open referrals past their time", registry=registry)
    overdue.set(referral.overdue_count(session, now))
    broken = Gauge("frontdoor_broken_promises", "promises not kept", registry=registry)
    broken.set(sum(checking.counts(session, now).values()))
