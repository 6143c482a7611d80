"""Text as every database stores it."""

from __future__ import annotations


def clean(text: str) -> str:
    """Text that every database stores: no NUL, no lone surrogates. It is as long as before."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
