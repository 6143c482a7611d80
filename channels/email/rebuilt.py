"""Writes a page anew, tag by tag, so that no trick in its tags makes whatever builds a tree of it slow or large."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
"""Left open, these are opened anew in every paragraph: a hundred of them make a tree a hundred times its page."""

_TOKEN = re.compile(
    r"(?P<comment><!--)|<[!?][^>]*+>|"
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]{0,40}+)(?=[\s/>])"
    r"""(?P<inner>(?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+'|"[^"]{0,200}+"|'[^']{0,200}+')*+)(?:["'][^<>]*+)?>|"""
    r"(?P<sign><)"
)
_COMMENT_END = re.compile(r"(?<=<!--)-?>|--!?>")
_ATTRIBUTE = re.compile(r"""([^\s/>="'<]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]*+)))?""")
_MOST_ATTRIBUTES = 60
_NEVER_READ = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style", "title", "iframe")}
_SWALLOW_WORDS = frozenset({"frameset", "frame", "textarea", "xmp", "plaintext", "noembed", "noframes"})
_SAFE = str.maketrans({'"': "&quot;", "<": "&lt;", ">": "&gt;"})


def rebuilt(html: str, *, attributes: Collection[str], without: Collection[str] = (), plain: bool = False) -> str:
    """The same words in the same order: tags but those ``without``, with only these ``attributes``.

    What is never read falls away whole where it is closed; unclosed, only its tag does. ``plain``: a formatting tag
    becomes a ``span``.
    """
    return "".join(_pieces(html, frozenset(attributes), frozenset(without), plain))


def _pieces(html: str, attributes: frozenset[str], without: frozenset[str], plain: bool) -> Iterator[str]:
    at, unclosed = 0, set[str]()
    while found := _TOKEN.search(html, at):
        yield html[at : found.start()]
        at, name = found.end(), (found["name"] or "").lower()
        if found["sign"]:
            yield "&lt;"
        elif found["comment"]:
            end = None if "!" in unclosed else _COMMENT_END.search(html, at)
            unclosed |= set() if end else {"!"}
            at = end.end() if end else at
        elif name in _NEVER_READ:
            end = None if found["close"] or name in unclosed else _NEVER_READ[name].search(html, at)
            unclosed |= set() if end or found["close"] else {name}
            at = end.start() if end else at
        elif name and name not in without and name not in _SWALLOW_WORDS:
            shown = "span" if plain and name in FORMATTING else name
            kept = "" if found["close"] or not attributes else _kept(found["inner"], attributes)
            yield f"<{found['close']}{shown}{kept}>"
    yield html[at:]


def _kept(inner: str, attributes: frozenset[str]) -> str:
    seen: dict[str, str] = {}
    for each in islice(_ATTRIBUTE.finditer(inner), _MOST_ATTRIBUTES):
        seen.setdefault(each[1].lower(), next((value for value in each.groups()[1:] if value is not None), ""))
    return "".join(f' {name}="{value.translate(_SAFE)}"' for name, value in seen.items() if name in attributes)
