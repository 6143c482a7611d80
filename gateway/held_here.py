"""What lies in the spool and among the streams of this host, looked at from outside: for ``check`` and ``verify``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.checking import Broken
from gateway.core import Core
from gateway.held_record import Held, as_waiting, read_head
from gateway.live import left_here
from storage.blobs import BlobMissing
from storage.sealing import Seal, SealBroken
from storage.spool import SET_ASIDE, Spool
from storage.spool_records import Damaged, Found
from storage.spool_segments import head_of, opened, records_under

RULE = "spooled"


def broken(core: Core, as_at: datetime) -> list[Broken]:
    """What is held and not in the database yet, in one line; each thing that could not be read back, in its own; and
    what was heard of calls and is in no referral.
    """
    spool, found = core.intake.holding.spool, []
    held = [one for one in _held_in(spool.root, core.seal) if one.captured_at <= as_at]
    if held:
        oldest = min(held, key=lambda one: one.captured_at)
        what = f"{len(held)} received on this host, held in its spool and not in the database yet"
        found.append(Broken(rule=RULE, reference=oldest.told, since=oldest.captured_at, what=what))
    found += [_of_lost(spool, one.name, one.head, as_at) for one in spool.lost()]
    return found + left_here.broken(core.capturing.sounds.root, as_at)


def faults(core: Core) -> Iterator[str]:
    """What is wrong with the spool, an item a record, and with the streams, an item each."""
    root = core.intake.holding.spool.root
    for folder, found in records_under(root):
        if isinstance(found, Damaged):
            yield "" if found.torn else f"spool: a record of {folder.name} at {found.begin} is damaged"
        else:
            yield _fault(core, folder, found)
    for lost in core.intake.holding.spool.lost():
        yield f"spool: {lost.name} was set aside, for it could not be kept"
    yield from left_here.faults(core.capturing.sounds.root, core.seal)


def _fault(core: Core, folder: Path, found: Found) -> str:
    """A record that names a file is whole only if that is."""
    name = f"spool: record {found.sequence} of {folder.name}"
    try:
        item = as_waiting(opened(core.seal, folder, found))
        if item.in_file:
            core.blobs.get(item.sha256)
    except BlobMissing:
        return f"{name} names a file that is missing"
    except (SealBroken, ValueError, KeyError):
        return f"{name} was changed or has another key"
    return ""


def _of_lost(spool: Spool, name: str, head: bytes, as_at: datetime) -> Broken:
    held = _held(head)
    what = f"received and not to be read back: {SET_ASIDE}/{name} in the spool"
    if held is None:
        return Broken(rule=RULE, reference="", since=as_at, what=what)
    return Broken(rule=RULE, reference=held.told, since=held.captured_at, what=what)


def _held_in(root: Path, seal: Seal) -> Iterator[Held]:
    for folder, found in records_under(root):
        if isinstance(found, Found) and (held := _held(head_of(seal, folder.name, found))):
            yield held


def _held(head: bytes) -> Held | None:
    try:
        return read_head(head)
    except (ValueError, KeyError):
        return None
