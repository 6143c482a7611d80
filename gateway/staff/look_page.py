"""How these pages look and whether single keys work, chosen by each person for the browser they sit at."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway import looks, translating
from gateway.core import Core
from gateway.staff.pages import Pages
from gateway.staff.sign_in import own_page
from gateway.staff.signed_in import Posted, SignedIn, Worker
from gateway.translating import Worded

COLOURS = Worded({
    "device": "As this device says", "light": "Light", "dark": "Dark", "contrast": "More contrast",
})  # fmt: skip
COLOUR_HINTS = Worded({"contrast": "Stronger words and lines, light or dark as this device says"})
MOVEMENT = Worded({"device": "As this device says", "less": "Nothing moves by itself"})
KEYS = Worded({"on": "On", "off": "Off"})
KEY_HINTS = Worded({"off": "Choose this if you speak to your computer, or press keys by accident"})


def look_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/look``."""
    router = APIRouter(route_class=pages.route_class())
    is_https = core.settings.public_url.startswith("https://")

    @router.get("/look")
    def choices(request: Request, next: str = "", worker: Worker = Depends(signed_in.worker)) -> Response:
        """What can be chosen, and what is."""
        return pages.draw(
            request, "look", worker, next=own_page(next), colours=COLOURS, colour_hints=COLOUR_HINTS,
            movement=MOVEMENT, keys=KEYS, key_hints=KEY_HINTS,
            languages=pages.words.languages,
        )  # fmt: skip

    @router.post("/look")
    def choose(posted: Posted = Depends(signed_in.posted)) -> Response:
        """Keep the choice and go back to the page it was made from."""
        typed = posted.typed
        look = looks.look_from(typed.get("colours", ""), typed.get("movement", ""), typed.get("keys", ""))
        response = RedirectResponse(own_page(typed.get("next", "")), 303, headers={"Cache-Control": "no-store"})
        looks.remember(response, look, is_https=is_https)
        if (language := typed.get("language", "")) in pages.words.languages:
            translating.remember(response, language, is_https=is_https)
        return response

    return router
