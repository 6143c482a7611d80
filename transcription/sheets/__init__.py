"""Looks at every page of a scan before it is read: whether anything is on it, and which codes."""
