"""The one form: its questions as data, as Word and PDF made from them, and read back into what somebody states."""
