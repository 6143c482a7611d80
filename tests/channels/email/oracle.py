"""Finds words in a mail without reading its form: what stands there in plain sight must be found by the reader too."""

import base64
import binascii
import html
import quopri
import re

_BODY = re.compile(rb"\r?\n\r?\n")
_MULTIPART = re.compile(rb"(?im)^content-type:\s*multipart/")
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{40,76}\r?\n)+(?:^[A-Za-z0-9+/]{2,76}={0,2}\r?$)?", re.MULTILINE)
_UNSEEN = re.compile(r"(?is)<!--.*?-->|<(style|script|head|title)\b.*?</\1\s*>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_RUN = re.compile(r"(?<![\w=/.:;-])[a-z]{2,14}(?: [a-z]{2,14}){3,}(?![\w=/:;-])")
_ABOUT_FORM = re.compile(r"mime|multipart|boundary|charset|mail ?reader|legible|unreadable")


def runs_of_words(mail: bytes, most: int = 5) -> list[str]:
    """The longest runs of four or more lower-case words in the body, decoded by trying; longest first."""
    start = _BODY.search(mail)
    body = mail[start.end() :] if start else b""
    if start and _MULTIPART.search(mail[: start.end()]):
        body = body[body.find(b"\n--") + 1 :]  # what stands above is for readers older than MIME
    pieces = [quopri.decodestring(body) if re.search(rb"=3D|=\r?\n", body) else body]
    pieces += [_plain(found[0]) for found in _BASE64.finditer(body)]
    runs = {run for piece in pieces for run in _RUN.findall(_seen(piece)) if not _ABOUT_FORM.search(run)}
    return sorted(runs, key=lambda run: (-len(run), run))[:most]


def missing(runs: list[str], text: str, files: list[bytes]) -> list[str]:
    """Those of the runs that stand neither in the text nor in a file that came with it."""
    said = "".join(text.split())
    carried = ["".join(_seen(quopri.decodestring(file)).split()) for file in files]
    carried += ["".join(_seen(file).split()) for file in files]
    wanted = {run: run.replace(" ", "") for run in runs}
    return [run for run, flat in wanted.items() if flat not in said and not any(flat in each for each in carried)]


def _plain(coded: bytes) -> bytes:
    try:
        plain = base64.b64decode(coded)
    except binascii.Error:
        return b""
    return plain if plain.translate(None, bytes(range(9, 127))) == b"" else b""


def _seen(piece: bytes) -> str:
    text = piece.decode("latin-1").replace("\x00", "")
    return html.unescape(_TAG.sub("\n", _UNSEEN.sub("\n", text)))
