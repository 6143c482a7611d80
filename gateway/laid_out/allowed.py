"""What of a page is kept: tags, attributes and styles that set words out, and no value that reaches for anything."""

from __future__ import annotations

import re
from collections.abc import Callable

_KEPT = """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt
    em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp
    section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr
"""
_LEFT_OUT = """
    script style title template noscript noembed noframes iframe frame frameset object embed applet svg math audio video
    canvas select option datalist xmp plaintext
"""
TAGS, NEVER_READ = frozenset(_KEPT.split()), frozenset(_LEFT_OUT.split())
"""``NEVER_READ`` is left out with all that is in it."""

_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,3})?%?(?:px|pt|em)?")
_COLOUR = re.compile(r"#?[A-Za-z0-9]{1,20}|rgba?\([\d\s.,%]{1,40}\)")
_WORD = re.compile(r"[A-Za-z-]{1,20}")
_NAMES = re.compile(r"[\w\s,'\"-]{1,200}")
_LENGTHS = re.compile(
    r"(?:(?:\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|ex|rem|cm|mm|in|%)?|auto|normal|thin|medium|thick)\s*){1,4}"
)
_BORDER = re.compile(r"(?:[\d.]{1,6}(?:px|pt|em)?|[A-Za-z]{1,20}|#[0-9A-Fa-f]{3,8}|rgba?\([\d\s.,%]{1,40}\)|\s){1,8}")
_LEGIBLE = re.compile(
    r"(?:[7-9]|[1-9]\d)(?:\.\d{1,6})?(?:px|pt)|(?:0?\.[5-9]|[1-9])\d{0,2}(?:\.\d{1,3})?(?:em|rem)?|"
    r"(?:[5-9]\d|[1-9]\d\d)(?:\.\d{1,3})?%|(?:x+-)?(?:small|large)|smaller|larger|medium|normal"
)
_WORDS = re.compile(r".{0,500}", re.DOTALL)

_ATTRIBUTES = {
    "align": _WORD, "valign": _WORD, "dir": _WORD, "type": _WORD, "bgcolor": _COLOUR, "color": _COLOUR,
    "border": _NUMBER, "cellpadding": _NUMBER, "cellspacing": _NUMBER, "colspan": _NUMBER, "rowspan": _NUMBER,
    "width": _NUMBER, "height": _NUMBER, "size": re.compile(r"[+-]?\d"), "start": _NUMBER, "face": _NAMES,
    "alt": _WORDS,
}  # fmt: skip
_STYLES = {
    "color": _COLOUR, "background-color": _COLOUR, "font-family": _NAMES, "font-size": _LEGIBLE, "font-style": _WORD,
    "font-weight": re.compile(r"[A-Za-z]{1,10}|\d00"), "text-align": _WORD, "text-decoration": _WORD, "width": _LENGTHS,
    "text-transform": _WORD, "vertical-align": _WORD, "line-height": _LEGIBLE, "max-width": _LENGTHS,
    "white-space": _WORD, "direction": _WORD, "border-collapse": _WORD, "list-style-type": _WORD,
    **{f"{box}{side}": kind for box, kind in (("margin", _LENGTHS), ("padding", _LENGTHS), ("border", _BORDER))
       for side in ("", "-top", "-right", "-bottom", "-left")},
}  # fmt: skip
ATTRIBUTES = {"*": {*_ATTRIBUTES, "style"}, "img": {"src"}}


def filter_for(picture: Callable[[str], str | None]) -> Callable[[str, str, str], str | None]:
    """What ``nh3`` asks of each value: ``picture`` gives the address of a picture of ours, or None."""

    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return picture(value) if tag == "img" else None
        if name == "style":
            return _style(value) or None
        rule = _ATTRIBUTES.get(name)
        return value if rule is not None and rule.fullmatch(value.strip()) else None

    return kept


def _style(value: str) -> str:
    """The declarations we know, with values that we know: never ``url(…)``, an escape, or a place over other words."""
    kept = []
    for declaration in value.split(";")[:100]:
        name, _, said = declaration.partition(":")
        rule = _STYLES.get(name.strip().lower())
        said = re.sub(r"(?i)\s*!\s*important\s*$", "", said).strip()
        if rule is not None and rule.fullmatch(said):
            kept.append(f"{name.strip().lower()}: {said}")
    return "; ".join(kept)
