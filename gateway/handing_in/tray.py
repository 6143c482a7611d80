"""Takes the files somebody hands in, one after the other, and keeps each as a letter: or all of them as one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from channels.contract import NoRoom, NotKept, RawMessage
from channels.letter.in_pieces import TakingIn, TooLarge
from channels.media_type import media_type_of
from gateway.core import Core
from gateway.dividing.dividing import LARGEST
from gateway.handing_in.said import AreLetters, Said
from storage import message

CHANNEL = "letter"


class Trouble(StrEnum):
    """Why a file was not taken; nothing of it was kept."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"  # of several files that are one letter, which nobody could open as one
    NO_ROOM = "no_room"
    NOT_NOW = "not_now"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What came of one file. ``message_id`` is empty while the database cannot be reached, or if it was not taken."""

    name: str
    reference: str = ""
    message_id: str = ""
    repeated: bool = False
    trouble: Trouble | None = None


class Tray:
    """``begin``, ``block``... and ``end`` for each file, then ``finish``; what is put in is whole or not kept at all.

    The key of a file is its bytes: handing in the same ones again gives the letter of the first time.
    """

    def __init__(self, core: Core, said: Said, who: dict[str, str], *, most_together: int = LARGEST) -> None:
        self._core, self._said, self._who = core, said, who
        self._is_one = said.are is AreLetters.TOGETHER
        most, self._too_large = core.settings.largest_scan, Trouble.TOO_LARGE
        if self._is_one and most_together < most:
            most, self._too_large = most_together, Trouble.TOO_MUCH
        self._most_bytes = most
        self._boundary = f"letter-{secrets.token_hex(16)}"
        self._all, self._names, self._digests = self._taking(), list[str](), list[str]()
        self._file, self._digest, self._size, self._name = self._all, hashlib.sha256(), 0, ""
        self._trouble: Trouble | None = None
        self.results: list[HandedIn] = []

    def begin(self, name: str) -> None:
        """The next file."""
        self._name, self._digest, self._size = name, hashlib.sha256(), 0
        if not self._is_one:
            self._file, self._trouble = self._taking(), None

    async def block(self, data: bytes) -> None:
        """The next bytes of it."""
        if self._is_one and not self._size:
            await self._fed(part_header(self._boundary, len(self._names) + 1, self._name))
        self._size += len(data)
        self._digest.update(data)
        await self._fed(data)

    async def end(self) -> None:
        """The file is whole: kept, unless it is a page of the one letter."""
        if not self._name and not self._size:
            return  # a file question that was left alone
        if not self._size:
            self.results.append(HandedIn(name=self._name, trouble=Trouble.EMPTY))
        elif self._is_one:
            await self._fed(b"\r\n")
            self._names.append(self._name)
            self._digests.append(self._digest.hexdigest())
        else:
            self.results.append(await self._kept(self._name, self._digest.hexdigest()))

    async def finish(self) -> list[HandedIn]:
        """Everything is here; the one letter is kept now."""
        if self._is_one and self._names:
            await self._fed(f"--{self._boundary}--\r\n".encode())
            name = self._names[0] if len(self._names) == 1 else f"{len(self._names)} files"
            key = hashlib.sha256("\n".join(self._digests).encode()).hexdigest()
            self.results.append(await self._kept(name, f"together:{key}"))
        return self.results

    def break_off(self) -> list[HandedIn]:
        """The rest never comes: what was on its way is not kept."""
        self._file.abandon()
        if self._name:
            self.results.append(HandedIn(name=self._name, trouble=Trouble.CUT_SHORT))
        return self.results

    def _taking(self) -> TakingIn:
        return TakingIn(self._core.shelving, most_bytes=self._most_bytes)

    async def _fed(self, data: bytes) -> None:
        if self._trouble is not None:
            return
        try:
            await self._file.feed(data)
        except (TooLarge, NotKept) as error:
            self._trouble = self._too_large if isinstance(error, TooLarge) else _told(error)
            self._file.abandon()

    async def _kept(self, name: str, key: str) -> HandedIn:
        self._name = ""
        if self._trouble is not None:
            return HandedIn(name=name, trouble=self._trouble)
        try:
            taken = await self._file.whole()
            shown = media_type_of(taken.head if taken.in_file else taken.body, name=name)
            raw = RawMessage(
                channel=CHANNEL, source_key=f"handed:{key}", body=taken.body, in_file=taken.in_file,
                media_type=f"multipart/form-data; boundary={self._boundary}" if self._is_one else shown,
                envelope={"name": name, **self._said.envelope(), **self._who},
            )  # fmt: skip
            receipt = await self._core.intake.accept(raw)
        except NotKept as error:
            self._file.abandon()
            return HandedIn(name=name, trouble=_told(error))
        except BaseException:
            self._file.abandon()
            raise
        told = HandedIn(name=name, reference=receipt.reference, repeated=receipt.repeated)
        return replace(told, message_id=await self._id_of(raw.source_key))

    async def _id_of(self, key: str) -> str:
        if self._core.intake.holding.is_in_force:
            return ""
        return await self._core.database.read(lambda session: message.id_of(session, CHANNEL, key)) or ""


def part_header(boundary: str, number: int, name: str) -> bytes:
    """What stands before a file in the body of a form."""
    safe = name.replace("\\", "_").replace('"', "'").replace("\r", " ").replace("\n", " ")
    disposition = f'Content-Disposition: form-data; name="page-{number}"; filename="{safe}"'
    return f"--{boundary}\r\n{disposition}\r\n\r\n".encode()


def _told(error: NotKept) -> Trouble:
    return Trouble.NO_ROOM if isinstance(error, NoRoom) else Trouble.NOT_NOW
