"""Who may see the pages of oversight, and files that are handed out there."""

from __future__ import annotations

from fastapi import Response

from gateway.life_cycle import WrongRole
from gateway.pages import HEADERS
from gateway.staff.signed_in import Worker


def overseer(worker: Worker) -> Worker:
    """Themselves, if they answer for the door; raises ``WrongRole``."""
    if not worker.may_oversee:
        raise WrongRole("oversight is for managers")
    return worker


def a_file(content: bytes | str, *, name: str, media_type: str) -> Response:
    """A file the browser keeps under ``name``, which is ours: letters, digits, dots and dashes."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
