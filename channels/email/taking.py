"""Takes one mail from the stream of DATA: a short one in memory, a long one onto the shelf as it comes."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import InFile, Laying, NotKept, Shelf
from channels.email.final_dot import UntilFinalDot
from channels.email.mail_key import LONGEST_HEADER, MailKey, source_key


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One whole mail. ``head`` is its first 256 kB at least; ``body`` all of it unless it is ``in_file``."""

    head: bytes
    body: bytes
    in_file: InFile | None
    key: str


class Taking:
    """Fed with blocks until the final dot. Without a shelf all is held in memory, once, up to ``max_bytes``.

    What goes wrong with the shelf is raised by ``whole``: the mail is read to its end first, so that the peer hears it.
    """

    def __init__(self, max_bytes: int, shelf: Shelf | None) -> None:
        self._mail, self._shelf = UntilFinalDot(max_bytes), shelf
        self._laying: Laying | None = None
        self._failure: NotKept | None = None
        self._head, self._key = b"", MailKey(b"")

    @property
    def size(self) -> int:
        """Bytes of the mail so far."""
        return self._mail.size

    @property
    def too_large(self) -> bool:
        """Whether more came than may be kept; what came is then gone."""
        return self._mail.too_large

    async def feed(self, block: bytes) -> bytes | None:
        """What follows the final dot once it has come, else None."""
        rest = self._mail.feed(block)
        if self._shelf is not None and (self._head or self._mail.held > LONGEST_HEADER):
            await self._lay(self._shelf)
        return rest

    async def whole(self) -> Taken:
        """The mail, after its final dot; raises ``NotKept``."""
        if self._failure is not None:
            raise self._failure
        if self._laying is None:
            content = self._mail.content()
            return Taken(head=content[:LONGEST_HEADER], body=content, in_file=None, key=source_key(content))
        lies = await self._laying.finish()
        body, in_file = (b"", lies) if isinstance(lies, InFile) else (lies, None)
        return Taken(head=self._head, body=body, in_file=in_file, key=self._key.told())

    def abandon(self) -> None:
        """The mail will not be kept."""
        if self._laying is not None:
            self._laying.abandon()
            self._laying = None

    async def _lay(self, shelf: Shelf) -> None:
        """What came since the last time; once something went wrong, or it is too large, nothing more."""
        block = self._mail.take()
        if self._failure is not None or self.too_large:
            self.abandon()
            return
        try:
            if self._laying is None:
                self._head, self._key = block[:LONGEST_HEADER], MailKey(block)
                self._laying = await shelf.begin(self._key.hear)
            await self._laying.write(block)
        except NotKept as error:
            self._failure = error
            self.abandon()
