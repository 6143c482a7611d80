"""Fetches mail from the mailboxes others keep for us: as it arrives, at start, and when the operator asks."""

from gateway.pulling.away import MailboxesAway
from gateway.pulling.pulling import Pulling, Timing

__all__ = ["MailboxesAway", "Pulling", "Timing"]
