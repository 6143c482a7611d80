"""Who really sent a mail: signatures, sending servers, and what domains ask of those who receive mail in their name."""

from channels.email.proof.border import Border, border_of
from channels.email.proof.checking import SenderChecks, When, proof_in
from channels.email.proof.domains import domain_of, is_aligned
from channels.email.proof.names import Names, NotAnswered
from channels.email.proof.our_own_records import is_published, sent_by_relay

__all__ = [
    "Border", "Names", "NotAnswered", "SenderChecks", "When", "border_of", "domain_of", "is_aligned",
    "is_published", "proof_in", "sent_by_relay",
]  # fmt: skip
