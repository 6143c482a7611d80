"""Throws mails at the reader that nobody would write: ``python -m tests.channels.email.fuzz --mails 100000``."""
