"""The document in which a mail's page is shown: inside a frame without scripts or an origin, its pictures blurred."""

from __future__ import annotations

from gateway.laid_out.sanitised import SafePage

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'; sandbox"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}
"""It may fetch nothing at all: its pictures are within it."""

STYLE = """
body { margin: 0; padding: 16px; background: #fff; color: #0b0c0c; font: 1rem/1.4 "Source Sans Pro", Arial; }
.note { margin: 0 0 10px; color: #4b5b5b; font-size: 0.9375rem; }
.page { overflow-x: auto; overflow-wrap: anywhere; contain: paint; }
.page img { max-width: 100%; height: auto; filter: blur(28px) grayscale(1); }
.page table { max-width: 100%; }
.page a { text-decoration: underline dotted; }
#pictures { position: absolute; opacity: 0; }
label { display: inline-block; margin-bottom: 12px; padding: 7px 12px; border: 1px solid #0b4f56; cursor: pointer; }
#pictures:focus-visible + label { outline: 3px solid #fd0; box-shadow: 0 4px #0b0c0c; }
#pictures:checked ~ .page img { filter: none; }
.hide, #pictures:checked + label .show { display: none; }
#pictures:checked + label .hide { display: inline; }
@media (max-width: 40rem) { .page table, .page td, .page th { width: auto !important; height: auto; } }
"""
BUTTON = (
    '<input type="checkbox" id="pictures"><label for="pictures"><span class="show">Show the pictures</span>'
    '<span class="hide">Blur the pictures again</span></label>'
)


def document(page: SafePage) -> str:
    """The whole of it, for an answer with ``HEADERS``."""
    notes = "".join(f'<p class="note">{words}</p>' for words in _notes(page))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Mail as it was laid out</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{notes}{BUTTON if page.has_pictures else ''}"
        f'<div class="page">{page.html}</div></body></html>'
    )


def _notes(page: SafePage) -> list[str]:
    notes = []
    if page.pictures_left_out:
        many = f"{page.pictures_left_out} pictures on other servers were"
        one = "1 picture on another server was"
        notes.append(
            f"{one if page.pictures_left_out == 1 else many} not loaded: that would tell the sender who reads it."
        )
    if page.links_told:
        notes.append("Links do not work here. Behind each stands where it really goes.")
    return notes
