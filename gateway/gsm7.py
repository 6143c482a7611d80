"""Counts a text the way phone networks do, so that one notice stays one segment."""

ONE_SEGMENT = 160
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


def gsm7_length(text: str) -> int | None:
    """Septets `text` takes in the GSM 7-bit alphabet (3GPP TS 23.038), or None if a character is not in it."""
    if not set(text) <= BASIC | EXTENDED:
        return None
    return len(text) + sum(character in EXTENDED for character in text)


def is_one_segment(text: str) -> bool:
    """True if networks carry `text` whole: at most 160 septets, no character that forces the wider alphabet."""
    length = gsm7_length(text)
    return length is not None and length <= ONE_SEGMENT
