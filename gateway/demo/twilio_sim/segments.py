"""How many segments a text is billed as."""

from __future__ import annotations

GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = set("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """SMS segments the provider would bill: GSM-7 160/153 septets, otherwise UCS-2 70/67 code units."""
    if set(text) <= GSM7 | GSM7_EXTENSION:
        size, single, multi = sum(2 if c in GSM7_EXTENSION else 1 for c in text), 160, 153
    else:
        size, single, multi = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if size <= single else -(-size // multi)
