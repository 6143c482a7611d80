"""Mailboxes that others keep for us: mail is fetched from there, for the mail channel."""

from channels.mailbox.contract import Afterwards, CannotFetch, CannotReach, Found, GoneMeanwhile, Mailbox, Open, Page

__all__ = ["Afterwards", "CannotFetch", "CannotReach", "Found", "GoneMeanwhile", "Mailbox", "Open", "Page"]
