"""Step 2, read: a kept message becomes a referral, its parts and the acknowledgement owed, in one transaction."""

from gateway.reading.desk import Reading

__all__ = ["Reading"]
