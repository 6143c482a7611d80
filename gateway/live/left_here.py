"""What callers said and no referral has, looked at on the disk of this host: for ``check`` and ``verify``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.checking import Broken
from storage.sealing import Seal, SealBroken
from storage.stream_sound import SET_ASIDE, pieces_of, sounds_in

RULE = "streamed"
WITHIN = timedelta(minutes=15)


def broken(root: Path, as_at: datetime) -> list[Broken]:
    """Streams that ended some time ago, and those that could not be read back, each in a line of its own."""
    found = []
    for path in sounds_in(root):
        with contextlib.suppress(FileNotFoundError):
            since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            is_aside = path.parent.name == SET_ASIDE
            if is_aside or since < as_at - WITHIN:
                what = f"to be read back: {SET_ASIDE}/{path.name} among the streams" if is_aside else "in any referral"
                found.append(
                    Broken(rule=RULE, reference="", since=since, what=f"heard while they spoke and not {what}")
                )
    return found


def faults(root: Path, seal: Seal) -> Iterator[str]:
    """What is wrong with each stream on the disk, or nothing."""
    for path in sounds_in(root):
        if path.parent.name == SET_ASIDE:
            yield f"streams: {path.name} was set aside, for it could not be read back"
            continue
        try:
            pieces_of(root, seal, path.stem)
            yield ""
        except SealBroken:
            yield f"streams: {path.name} was changed or has another key"
        except FileNotFoundError:
            yield ""
