"""Puts a finished letter into the folder from which post is printed."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from channels.contract import Outgoing, SendError, SendFailed


async def print_letter(notice: Outgoing, render: Callable[[Outgoing], bytes], folder: Path) -> str:
    """Render ``notice`` and store it durably as ``REFERENCE-kind-notice.pdf``; the same notice twice is one file."""
    return await asyncio.to_thread(_render_and_store, notice, render, folder)


def take_out(folder: Path, name: str) -> None:
    """A letter that was posted, or may not go, lies there no longer; where it cannot be had it stays where it is."""
    with suppress(OSError):
        (folder / name).unlink(missing_ok=True)


def _render_and_store(notice: Outgoing, render: Callable[[Outgoing], bytes], folder: Path) -> str:
    name = "-".join(_plain(part) for part in (notice.reference, notice.kind, notice.notice_id)) + ".pdf"
    pdf = render(notice)
    try:
        _store(pdf, folder, name)
    except OSError as why:
        what = f"the print folder cannot be written: {type(why).__name__}"
        raise SendFailed(error=SendError.AWAY, reason=what) from None
    return name


def _plain(part: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", part)


def _store(pdf: bytes, folder: Path, name: str) -> None:
    """A printer that watches the folder sees the whole letter or none: written aside, fsync'd, then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{name}.part"
    with aside.open("wb") as out:
        out.write(pdf)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(folder / name)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
