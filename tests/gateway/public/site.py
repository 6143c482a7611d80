"""The public pages of one gateway with the doors a test opens, and a browser in front of them."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from channels.contract import Accept, Receiver
from channels.note import Note
from channels.web_form import WebForm
from gateway.core import Core
from gateway.public import form_page, public_router, receipt_page


class PublicSite:
    """The contact page, the form and tracking; ``others`` are channels beside the form and the note."""

    def __init__(self, core: Core, *others: Receiver, accept: Accept | None = None) -> None:
        self.core = core
        form = WebForm(
            form_page=form_page(core.words, core.settings.phone),
            receipt_page=receipt_page(core.words, core.owing.code),
            link_key=core.seal.key_for("web form link"),
            most_bytes=100_000,
            clock=core.clock,
        )
        self.receivers: Mapping[str, Receiver] = {each.name: each for each in (*others, form, Note())}
        app = FastAPI()
        door = form.door(accept or core.intake.accept)
        app.include_router(door)
        app.include_router(public_router(core, self))
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")

    async def get(self, path: str) -> LexborHTMLParser:
        """A page as the browser shows it."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200
        return LexborHTMLParser(answer.text)


def words_of(page: LexborHTMLParser) -> str:
    """What a reader reads in the main part of a page."""
    main = page.css_first("main")
    assert main is not None
    return " ".join(main.text(separator=" ").split())
