"""Takes a mail apart: the words somebody wrote, and every file that came with them, also out of other files."""

from __future__ import annotations

from email.message import Message

from channels.contract import Enclosure
from channels.email.charsets import is_binary
from channels.email.enclosed import content_with_parts
from channels.email.place import Limits, Place
from channels.email.said import Found, Origin
from channels.email.walk import Walk
from channels.email.written import WRITTEN, words_of
from channels.packed.room import Room, room_for

__all__ = ["Found", "Origin", "take_apart", "unpack"]


def take_apart(message: Message, size: int | None = None) -> Found:
    """The words and the files of a mail of ``size`` bytes; nothing that carries content is left out unsaid."""
    walk = Walk(limits=Limits(room=room_for(size) if size is not None else Room()))
    walk.take(message, Place())
    walk.say_rest(message)
    if walk.found.is_silent:
        _read_named_texts(message, walk.found)
    return walk.finished()


def unpack(file: Enclosure) -> Found:
    """What is in a file that came by any channel, the file itself left out; nothing if it holds no others."""
    walk = Walk(limits=Limits(room=room_for(len(file.content or b""))))
    walk.open(file, Place())
    return walk.finished()


def _read_named_texts(message: Message, found: Found) -> None:
    """When nobody wrote anything else, the text files are what was said."""
    for part in message.walk():
        if part.get_content_type() in WRITTEN and not is_binary(content := content_with_parts(part)):
            found.say(words_of(part, content))
