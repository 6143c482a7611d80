"""Opens a file of a mail that holds a mail or other files."""

from __future__ import annotations

import re

from channels.contract import Enclosure
from channels.email.mime import parsed_anyhow
from channels.packed.archives import open_archive
from channels.packed.encoded import from_binhex
from channels.packed.opened import LeftShut, Opened
from channels.packed.outlook import is_outlook_mail, open_outlook
from channels.packed.room import Room
from channels.packed.signed import Wrapping, unwrap
from channels.packed.tnef import open_tnef

_SIGNED_OR_NOT = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_BINHEX = frozenset({"application/mac-binhex40", "application/binhex", "application/x-binhex40"})
_A_FIELD = re.compile(rb"[!-9;-~]{1,80}:")


def open_file(file: Enclosure, room: Room) -> Opened | None:
    """What is in it; None where it is no file that holds others. ``mail`` may be one that is only signed."""
    content = file.content or b""
    if file.media_type in _SIGNED_OR_NOT or file.name.lower().endswith(".p7m"):
        return _of_signed(content)
    if is_outlook_mail(content):
        mail = open_outlook(content)
        return Opened(mail=mail, is_attached=True) if mail else Opened(left_shut=(LeftShut.DAMAGED,))
    if (mail := open_tnef(content)) is not None:
        return Opened(mail=mail)
    if file.media_type in _BINHEX or file.name.lower().endswith(".hqx"):
        files = from_binhex(content, room)
        return None if files is None else _with_room(Opened(files=files), room)
    if _is_saved_mail(file, content):
        return Opened(mail=parsed_anyhow(content), is_attached=True)
    return open_archive(content, file.name, room)


def is_encrypted(file: Enclosure) -> bool:
    """Whether only the holder of a key can read it (S/MIME)."""
    is_wrapped = file.media_type in _SIGNED_OR_NOT or file.name.lower().endswith(".p7m")
    return is_wrapped and unwrap(file.content or b"").wrapping is Wrapping.ENCRYPTED


def _of_signed(content: bytes) -> Opened | None:
    inside = unwrap(content).content
    return Opened(mail=parsed_anyhow(inside)) if inside else None


def _is_saved_mail(file: Enclosure, content: bytes) -> bool:
    is_called_so = file.media_type == "message/rfc822" or file.name.lower().endswith(".eml")
    return is_called_so and _A_FIELD.match(content.lstrip(b"\r\n")) is not None


def _with_room(opened: Opened, room: Room) -> Opened:
    taken = tuple(file for file in opened.files if room.take(len(file.content)))
    return Opened(files=taken, left_shut=(LeftShut.NO_ROOM,) * (len(opened.files) - len(taken)))
