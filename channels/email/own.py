"""What makes a mail recognisably ours: Message-ID, bounce address and loop mark, each bound to one notice by a key."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

LOOP_HEADER = "X-Frontdoor-Loop"
_PLAIN_ID = re.compile(r"[a-z0-9-]{1,40}")
_BOUNCE = "bounce+"


@dataclass(frozen=True, kw_only=True)
class Own:
    """Our addresses and the key that signs our marks; ``mailboxes`` and ``mail_from`` are bare mail addresses.

    ``machines_write_to`` are addresses the door takes mail for that nobody is told of.
    """

    mailboxes: tuple[str, ...]
    mail_from: str
    loop_key: bytes
    machines_write_to: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """The domain our notices come from."""
        return self.mail_from.rpartition("@")[2].lower()

    def message_id(self, notice_id: str) -> str:
        """The Message-ID of a notice, without angle brackets; the same at every attempt."""
        return self.message_id_from_token(token_of(notice_id))

    def message_id_from_token(self, token: str) -> str:
        """The Message-ID that belongs to a token found in a bounce address or a loop mark."""
        return f"{token}.{self._sign('id', token)}@{self.domain}"

    def token_of_message_id(self, message_id: str) -> str | None:
        """The token in a Message-ID of ours, given without brackets; None when we did not make it."""
        local, _, domain = message_id.strip().lower().rpartition("@")
        token, _, tag = local.rpartition(".")
        return token if token and domain == self.domain and _same(tag, self._sign("id", token)) else None

    def bounce_address(self, notice_id: str) -> str:
        """The envelope sender of one notice (VERP): at most 59 characters before the ``@`` (RFC 5321 allows 64)."""
        token = token_of(notice_id)
        return f"{_BOUNCE}{token}-{self._sign('bounce', token)}@{self.domain}"

    def token_of_bounce(self, address: str) -> str | None:
        """The token in a bounce address of ours; None when it is not ours or its signature is wrong."""
        local, _, domain = address.strip().lower().rpartition("@")
        token, _, tag = local.removeprefix(_BOUNCE).rpartition("-")
        if domain != self.domain or not local.startswith(_BOUNCE) or not token:
            return None
        return token if _same(tag, self._sign("bounce", token)) else None

    def loop_mark(self, notice_id: str) -> str:
        """The value of our loop header: it proves that a returning mail is one we wrote."""
        token = token_of(notice_id)
        return f"{token}-{self._sign('loop', token)}"

    def token_of_loop_mark(self, value: str) -> str | None:
        """The token in a loop mark of ours, else None."""
        token, _, tag = value.strip().lower().rpartition("-")
        return token if token and _same(tag, self._sign("loop", token)) else None

    def is_own_address(self, address: str) -> bool:
        """Whether mail from this address would come from ourselves: a mailbox (with or without a tag) or a bounce."""
        bare = without_tag(address)
        ours = (*self.mailboxes, *self.machines_write_to, self.mail_from, f"bounce@{self.domain}")
        return bool(bare) and bare in {each.lower() for each in ours}

    def is_monitored(self, address: str) -> bool:
        """Whether an answer to this address comes in by our door."""
        return without_tag(address) in {each.lower() for each in (*self.mailboxes, *self.machines_write_to)}

    def is_recipient(self, address: str) -> bool:
        """Whether the door takes mail for it: a mailbox, its plus-addresses, or a bounce address we gave out."""
        return self.is_monitored(address) or self.token_of_bounce(address) is not None

    def _sign(self, purpose: str, token: str) -> str:
        return hmac.new(self.loop_key, f"{purpose}:{token}".encode(), hashlib.sha256).hexdigest()[:12]


def token_of(notice_id: str) -> str:
    """A notice's id as it may stand in an address: itself when it is a plain one, else a digest of it."""
    if _PLAIN_ID.fullmatch(notice_id):
        return notice_id
    return hashlib.sha256(notice_id.encode()).hexdigest()[:32]


def without_tag(address: str) -> str:
    """The address in lower case without ``+tag``: ``Referrals+KMR-4729-HX@…`` is ``referrals@…``."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def tag_of(address: str) -> str:
    """What stands behind the plus of an address; empty when nothing does."""
    return address.rpartition("@")[0].partition("+")[2]


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
