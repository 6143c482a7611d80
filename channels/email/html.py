"""Turns the HTML of a mail into plain words, one line for each block, without running or fetching anything."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from channels.email.charsets import clean

_UNSEEN = ["script", "style", "head", "title", "template", "noscript", "object", "iframe"]
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"})
_BLOCKS = (
    "address,article,aside,blockquote,center,dd,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,"
    "header,hr,li,main,nav,ol,p,pre,section,table,tbody,td,tfoot,th,thead,tr,ul"
)
_SPACES = re.compile(r"[ \t\f\v\n\u00a0]+")
_AROUND_LINE = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060]")
_LINE, _PARAGRAPH, _BREAK = "\ue000", "\ue001", "\ue002"
_BETWEEN_BLOCKS = re.compile(f"[ {_LINE}{_PARAGRAPH}]*[{_LINE}{_PARAGRAPH}][ {_LINE}{_PARAGRAPH}]*")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)


def plain_text(html: str) -> str:
    """The words a reader would see, quoted parts included; table cells stand on lines of their own."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(_UNSEEN)
    body = tree.body
    if body is None:
        return ""
    for node in tree.css("br"):
        node.replace_with(_BREAK)
    for node in tree.css(_BLOCKS):
        mark = _PARAGRAPH if node.tag in _PARAGRAPHS else _LINE
        node.insert_before(mark)
        node.insert_after(mark)
    for node in tree.css("img[alt]"):
        described = (node.attributes.get("alt") or "").strip()
        if described:
            node.replace_with(f"[{described}]")
    return _laid_out(body.text(deep=True, separator=""))


def declared_charset(html: bytes) -> str | None:
    """The charset the page says it is in, for parts whose header says nothing."""
    found = _DECLARED.search(html[:4096])
    return found[1].decode("ascii") if found else None


def _laid_out(text: str) -> str:
    flat = _SPACES.sub(" ", _INVISIBLE.sub("", clean(text)))
    blocks = _BETWEEN_BLOCKS.sub(lambda gap: "\n\n" if _PARAGRAPH in gap[0] else "\n", flat)
    lines = _AROUND_LINE.sub("\n", blocks.replace(_BREAK, "\n"))
    return _MANY_LINES.sub("\n\n", lines).strip()
