"""Turns the HTML of a mail into plain words, one line for each block, without running or fetching anything."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from channels.email.charsets import clean
from channels.email.rebuilt import FORMATTING, rebuilt

_UNSEEN = ["script", "style", "head", "title", "template", "noscript", "object", "iframe"]
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"})
_BLOCKS = (
    "address,article,aside,blockquote,center,dd,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,"
    "header,hr,li,main,nav,ol,p,pre,section,table,tbody,td,tfoot,th,thead,tr,ul"
)
_BLOCK_NAMES = frozenset(_BLOCKS.split(","))
_SPACES = re.compile(r"[ \t\f\v\n\u00a0]+")
_AROUND_LINE = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060]")
_LINE, _PARAGRAPH, _BREAK, _QUOTE, _UNQUOTE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_DEEPEST_QUOTE = 9
_QUOTES = "blockquote[type=cite], blockquote.gmail_quote, blockquote.protonmail_quote, div.yahoo_quoted blockquote"
_BETWEEN_BLOCKS = re.compile(f"[ {_LINE}{_PARAGRAPH}]*[{_LINE}{_PARAGRAPH}][ {_LINE}{_PARAGRAPH}]*")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)


_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,30})[^<>]*>")
_DESCRIBED = re.compile(r' alt="([^"]*)"')
_MOST_TAGS = 20_000
_TOO_DEEP = " > ".join(["*"] * 400)
_MEAN_NOTHING = FORMATTING | {"a", "span", "abbr", "label", "o:p"}
_ATTRIBUTES = frozenset({"alt", "class", "type"})


def plain_text(html: str) -> str:
    """The words a reader would see, quoted parts included; table cells stand on lines of their own.

    A page of more tags than any mail program writes is read without a tree: that would take too much time and memory.
    """
    page = rebuilt(html, attributes=_ATTRIBUTES, without=_MEAN_NOTHING)
    if page.count("<") > _MOST_TAGS:
        return _laid_out(unescape(_TAG.sub(_in_place_of, page)))
    tree = LexborHTMLParser(page)
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
    for node in tree.css(_QUOTES) if tree.css_first(_TOO_DEEP) is None else ():
        node.insert_before(f"{_PARAGRAPH}{_QUOTE}{_PARAGRAPH}")
        node.insert_after(f"{_PARAGRAPH}{_UNQUOTE}{_PARAGRAPH}")
    for node in tree.css("img[alt]"):
        described = (node.attributes.get("alt") or "").strip()
        if described:
            node.replace_with(f"[{described}]")
    return _laid_out(body.text(deep=True, separator=""))


def _in_place_of(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name == "br":
        return _BREAK
    if name == "img":
        described = _DESCRIBED.search(tag[0])
        return f"[{described[1].strip()}]" if described and described[1].strip() else ""
    return _PARAGRAPH if name in _PARAGRAPHS else _LINE if name in _BLOCK_NAMES else ""


def declared_charset(html: bytes) -> str | None:
    """The charset the page says it is in, for parts whose header says nothing."""
    found = _DECLARED.search(html[:4096])
    return found[1].decode("ascii") if found else None


def _laid_out(text: str) -> str:
    flat = _SPACES.sub(" ", _INVISIBLE.sub("", clean(text)))
    blocks = _BETWEEN_BLOCKS.sub(lambda gap: "\n\n" if _PARAGRAPH in gap[0] else "\n", flat)
    lines = _AROUND_LINE.sub("\n", blocks.replace(_BREAK, "\n"))
    return _MANY_LINES.sub("\n\n", _with_marks(lines)).strip()


def _with_marks(text: str) -> str:
    """Before each quoted line as many ">" as mails it is quoted through, as plain mails have them."""
    if _QUOTE not in text:
        return text
    marked, depth = [], 0
    for line in text.split("\n"):
        if line in (_QUOTE, _UNQUOTE):
            depth = max(0, depth + (1 if line == _QUOTE else -1))
        else:
            marked.append(f"{'>' * min(depth, _DEEPEST_QUOTE)} {line}".rstrip() if depth else line)
    return "\n".join(marked)
