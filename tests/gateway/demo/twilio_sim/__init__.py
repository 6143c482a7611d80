"""The pretend telephony provider does what the real one does, shown against a small sample gateway."""
