"""How long the mail door waits for a peer: long for an honest slow line, not for ever for one that only holds on."""

from __future__ import annotations

from dataclasses import dataclass

FOR_A_BLOCK = "421 4.4.2 The message came too slowly, goodbye"
MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds. ``command_seconds`` and ``block_seconds`` are between two commands and two blocks of a mail (RFC 5321
    4.5.3.2: five and three minutes); a whole mail may take ``mail_seconds`` and a minute more for each 5 MiB of it.
    ``linger_seconds`` is for hearing our last word, ``closing_seconds`` the same when the gateway closes.
    """

    command_seconds: float = 300
    block_seconds: float = 180
    mail_seconds: float = 600
    seconds_per_mib: float = 12
    linger_seconds: float = 30
    closing_seconds: float = 2

    def for_a_mail(self, size: int) -> float:
        """How long the peer may have been waited for once so many bytes have come."""
        return self.mail_seconds + self.seconds_per_mib * size / MIB
