"""Makes a mail's page safe: its own pictures, words in place of others, links that say where they go, and layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from channels.email.rebuilt import FORMATTING, rebuilt
from gateway.laid_out.allowed import ATTRIBUTES, NEVER_READ, TAGS, filter_for
from gateway.laid_out.links import true_address
from gateway.laid_out.pictures import ELSEWHERE, Pictures

DEEPEST = 200
_TOO_DEEP = " > ".join(["*"] * DEEPEST)
_UNSEEN_SIZE = 3
MOST_TAGS, MOST_REOPENED = 30_000, 1_000_000
_FORMATS = re.compile(rf"(?i)<(?:{'|'.join(sorted(FORMATTING))})(?=[\s/>])")


class TooDeep(Exception):
    """Nested deeper than any mail program writes: it is not shown as a page."""


@dataclass(frozen=True, kw_only=True)
class SafePage:
    """The HTML that may be shown; how many pictures on other servers were left out, and how many links said aloud."""

    html: str
    pictures_left_out: int = 0
    links_told: int = 0
    has_pictures: bool = False


def sanitised(html: str, pictures: Pictures) -> SafePage:
    """Pure and the last to touch it: what ``nh3`` gives is shown as it is. Raises ``TooDeep``."""
    tree = LexborHTMLParser(_bearable(html))
    body = tree.body
    if body is None:
        return SafePage(html="")
    if tree.css_first(_TOO_DEEP) is not None:
        raise TooDeep
    links_told = sum(_tell(link) for link in tree.css("a[href], area[href]"))
    left_out = sum(_show(picture, pictures) for picture in tree.css("img, image, input[type=image]"))
    safe = nh3.clean(
        body.html or "", tags=set(TAGS), clean_content_tags=set(NEVER_READ), attributes=ATTRIBUTES,
        attribute_filter=filter_for(pictures.address), url_schemes={"cid"}, link_rel=None, strip_comments=True,
    )  # fmt: skip
    return SafePage(html=safe, pictures_left_out=left_out, links_told=links_told, has_pictures="<img src=" in safe)


def _bearable(html: str) -> str:
    """Written anew, for a tree that grows with the page and no faster; raises ``TooDeep`` for nothing but tags."""
    tags = html.count("<")
    if tags > MOST_TAGS:
        raise TooDeep
    opened = len(_FORMATS.findall(html))
    return rebuilt(html, attributes=ATTRIBUTES["*"] | {"href", "src"}, plain=opened * tags > MOST_REOPENED)


def _tell(link: LexborNode) -> bool:
    """Write behind a link where it goes; it loses its address like everything that is not allowed."""
    address = true_address(link.attributes.get("href") or "", link.text(deep=True))
    if address:
        link.insert_after(f" [{address}]")
    return bool(address)


def _show(picture: LexborNode, pictures: Pictures) -> bool:
    """Whether it is on another server; what is not shown leaves words in its place, unless nobody could see it."""
    source, described = picture.attributes.get("src") or "", (picture.attributes.get("alt") or "").strip()
    ours, why = pictures.take(source) if picture.tag == "img" else ("", ELSEWHERE)
    if ours:
        picture.attrs["src"] = ours
        return False
    is_seen = described or not _is_unseen(picture)
    picture.replace_with(f"[{why}{f': {described[:200]}' if described else ''}]" if is_seen else " ")
    return why == ELSEWHERE


def _is_unseen(picture: LexborNode) -> bool:
    """No larger than a dot, as those are that only tell their server that a mail was opened."""
    sizes = [(picture.attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size.isdecimal() and int(size) < _UNSEEN_SIZE for size in sizes)
