"""Takes a mail out of the stream of DATA: up to its final dot, without the dots added on the way (RFC 5321 4.5.2)."""

from __future__ import annotations

import io

_END = b"\r\n.\r\n"
_STUFFED = b"\r\n."
_KEPT_BACK = len(_END) - 1


class UntilFinalDot:
    """Fed with blocks however the stream is cut. Holds the mail once in memory, and nothing more past ``max_bytes``."""

    def __init__(self, max_bytes: int) -> None:
        self.size = 0
        self._max_bytes = max_bytes
        self._content = io.BytesIO()
        self._held = b"\r\n"
        self._before_the_mail = 2

    @property
    def held(self) -> int:
        """Bytes of the mail that were not taken out yet."""
        return self._content.tell()

    @property
    def too_large(self) -> bool:
        """Whether more came than may be kept; what came is then gone."""
        return self.size > self._max_bytes

    def feed(self, block: bytes) -> bytes | None:
        """What follows the final dot once it has come, else None. The stream begins after the DATA line."""
        held = self._held + block
        end = held.find(_END)
        if end >= 0:
            self._take(held[: end + 2])
            return held[end + len(_END) :]
        cut = _not_within_stuffing(held, len(held) - _KEPT_BACK)
        if cut > self._before_the_mail:
            self._take(held[:cut])
            held = held[cut:]
        self._held = held
        return None

    def content(self) -> bytes:
        """The mail, byte for byte as it was before it was sent."""
        return self._content.getvalue()

    def take(self) -> bytes:
        """What came since the last time; it is not held any longer."""
        came, self._content = self._content.getvalue(), io.BytesIO()
        return came

    def _take(self, stuffed: bytes) -> None:
        plain = stuffed.replace(_STUFFED, b"\r\n")[self._before_the_mail :]
        self._before_the_mail = 0
        self.size += len(plain)
        if not self.too_large:
            self._content.write(plain)
        elif self._content.tell():
            self._content = io.BytesIO()


def _not_within_stuffing(held: bytes, cut: int) -> int:
    """A place to cut that leaves a line end and the dot behind it on one side."""
    for earlier in (1, 2):
        if held[cut - earlier : cut - earlier + len(_STUFFED)] == _STUFFED:
            return cut - earlier
    return cut
