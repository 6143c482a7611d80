"""How people reach us and how we answer: one file or folder per channel, always door, parse, send."""
