"""Reads the rich texts of before HTML: text/enriched (RFC 1896) and text/richtext (RFC 1341)."""

from __future__ import annotations

import re

_ENRICHED = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|\n+")
_RICHTEXT = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>|\n")
_UNSEEN = frozenset({"param", "comment"})
_BREAKS = {"nl": "\n", "np": "\n\n", "lt": "<"}
_PARAGRAPHS = frozenset({"paragraph", "excerpt", "heading", "footing"})


def enriched_text(source: str) -> str:
    """One line end is a space, more are one less; commands are left out; two opening brackets are one."""
    out: list[str] = []
    at = unseen = filled = 0
    for found in _ENRICHED.finditer(source):
        if not unseen:
            out.append(source[at : found.start()])
        at, sign, name = found.end(), found[0], (found[2] or "").lower()
        if name in _UNSEEN:
            unseen = max(unseen + (-1 if found[1] else 1), 0)
        elif name == "nofill":
            filled = max(filled + (-1 if found[1] else 1), 0)
        elif sign == "<<" and not unseen:
            out.append("<")
        elif sign.startswith("\n") and not unseen:
            out.append(sign if filled else (" " if len(sign) == 1 else sign[1:]))
    return "".join([*out, source[at:]]).strip()


def rich_text(source: str) -> str:
    """Line ends are spaces, ``<nl>`` is a line end, ``<lt>`` an opening bracket; comments are left out."""
    out: list[str] = []
    at = unseen = 0
    for found in _RICHTEXT.finditer(source):
        if not unseen:
            out.append(source[at : found.start()])
        at, name = found.end(), (found[2] or "").lower()
        if name in _UNSEEN:
            unseen = max(unseen + (-1 if found[1] else 1), 0)
        elif not unseen:
            out.append(" " if not name else _BREAKS.get(name, "\n" if found[1] and name in _PARAGRAPHS else ""))
    return "".join([*out, source[at:]]).strip()
