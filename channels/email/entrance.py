"""How the mail door stands open: for whom besides SMTP, how encrypted, to how many at once, and with which shelf."""

from __future__ import annotations

from dataclasses import dataclass, field

from channels.contract import Shelf
from channels.email.certificate import Certificate
from channels.email.crowd import CrowdLimits
from channels.email.patience import Patience


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """``lmtp`` is ``host:port`` or the path of a socket, empty for none. With a ``certificate`` STARTTLS is offered,
    and with ``must_encrypt`` asked of every server that comes by SMTP. Without a ``shelf`` long mails lie in memory.
    ``patience`` is how long a peer is waited for, ``limits`` how many may come at once.
    """

    lmtp: str = ""
    certificate: Certificate | None = None
    must_encrypt: bool = False
    shelf: Shelf | None = None
    patience: Patience = field(default_factory=Patience)
    limits: CrowdLimits = field(default_factory=CrowdLimits)
