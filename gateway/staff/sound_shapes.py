"""The wave of a recording: worked out once in a child with narrow limits, kept, and drawn from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.in_a_child import ChildFailed, in_a_child
from gateway.part_view import PartView
from gateway.staff.opening import HELD_BYTES
from gateway.staff.playing import LARGEST, SECONDS
from storage import sound_shape
from storage.attachment import Attachment, VirusState
from storage.sound_shape import SoundShape

HEIGHT, MIDDLE, LEAST = 40, 20, 1
WITH_SOUND = ("audio/", "video/")


@dataclass(frozen=True, kw_only=True)
class Wave:
    """A wave as it is drawn. ``path`` is of an SVG of ``width`` times ``HEIGHT``; ``seconds`` how long it plays."""

    part_id: str
    path: str
    width: int
    seconds: float


def wave_of(shape: SoundShape) -> Wave | None:
    """Drawn from what is kept; nothing of a file without sound."""
    levels = bytes.fromhex(shape.levels)
    if not levels:
        return None
    reach = [max(LEAST, round(level * (MIDDLE - LEAST) / 255)) for level in levels]
    path = "".join(f"M{2 * place + 1} {MIDDLE - each}v{2 * each}" for place, each in enumerate(reach))
    return Wave(part_id=shape.attachment_id, path=path, width=2 * len(levels), seconds=shape.seconds)


def worked_out(core: Core, part_id: str) -> Wave | None:
    """Kept or worked out now, which takes seconds of a long recording. Blocks; raises ``NotFound``.

    Nobody hears anything by it, so that it is not put on record as a look.
    """
    with core.database.reading() as session:
        part = session.get(Attachment, part_id)
        if part is None or part.sha256 is None or not _may_be_opened(part):
            raise NotFound(part_id)
        kept, sha256 = sound_shape.of_parts(session, [part_id]).get(part_id), part.sha256
        is_kept = kept is not None and kept.sha256 == sha256
        content = b"" if is_kept else core.contents.of_part(session, part)
    return wave_of(kept if kept and is_kept else _made(core, part_id, sha256, content))


def kept_waves(session: Session, parts: Sequence[PartView]) -> dict[str, Wave]:
    """Those of some parts that need no working out, by the part's id."""
    bytes_of = {part.id: part.sha256 for part in parts if part.media_type.startswith(WITH_SOUND)}
    shapes = sound_shape.of_parts(session, list(bytes_of)).values()
    waves = [wave_of(shape) for shape in shapes if shape.sha256 == bytes_of[shape.attachment_id]]
    return {wave.part_id: wave for wave in waves if wave}


def _made(core: Core, part_id: str, sha256: str, content: bytes) -> SoundShape:
    """A file without sound is kept as such; one on which the child ran out of time is too."""
    try:
        if not content or len(content) > LARGEST:
            raise ChildFailed("empty or too large")
        said = in_a_child("gateway.staff.sound_shapes_child", content=content, seconds=SECONDS).decode()
    except ChildFailed:
        said = "0 "
    seconds, _, levels = said.partition(" ")
    shape = SoundShape(
        attachment_id=part_id, sha256=sha256, levels=levels, seconds=float(seconds), made_at=core.clock()
    )  # fmt: skip
    with core.database.transaction() as session:
        sound_shape.keep(session, shape)
    return shape


def _may_be_opened(part: Attachment) -> bool:
    is_sound = part.media_type.startswith(WITH_SOUND)
    return is_sound and part.virus_state != VirusState.FOUND and (part.size or 0) <= HELD_BYTES


IN_TEMPLATES = {"WAVE_HEIGHT": HEIGHT}
