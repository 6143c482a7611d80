"""Sign in and out with a name and a password."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from gateway.core import Core
from gateway.staff import accounts
from gateway.staff.attempts import Attempts
from gateway.staff.pages import Pages
from gateway.staff.signed_in import COOKIE, Posted, SignedIn, form_of, is_from_elsewhere

HOME = "/queue"
WRONG = "The name or the password is not right"
WAIT = "There were too many tries. Wait 15 minutes, then try again"


def sign_in_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/sign-in`` and ``/sign-out``."""
    router, attempts = APIRouter(route_class=pages.route_class()), Attempts()

    @router.get("/sign-in")
    def form(request: Request, next: str = HOME) -> Response:
        """The form."""
        return pages.draw(request, "sign_in", None, next=own_page(next), typed="", error="")

    @router.post("/sign-in")
    async def enter(request: Request) -> Response:
        """In, and on to the page that was wanted; the same words for a wrong name as for a wrong password."""
        typed = await form_of(request)
        name, sender = typed.get("name", "").strip(), request.client.host if request.client else ""
        back = own_page(typed.get("next", HOME))
        if attempts.are_too_many(name, sender, now=core.clock()):
            return pages.draw(request, "sign_in", None, status_code=429, next=back, typed=name, error=WAIT)
        secret = None
        if not is_from_elsewhere(request):
            secret = await run_in_threadpool(_let_in, core, name, typed.get("password", ""))
        if secret is None:
            attempts.failed(name, sender, now=core.clock())
            return pages.draw(request, "sign_in", None, status_code=403, next=back, typed=name, error=WRONG)
        attempts.succeeded(name)
        response = RedirectResponse(back, 303, headers={"Cache-Control": "no-store"})
        signed_in.remember(response, secret)
        return response

    @router.post("/sign-out")
    def leave(request: Request, posted: Posted = Depends(signed_in.posted)) -> Response:
        """Out: the sign-in ends on the server too."""
        with core.database.transaction() as session:
            accounts.sign_out(session, request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/sign-in", 303, headers={"Cache-Control": "no-store"})
        signed_in.forget(response)
        return response

    return router


def own_page(wanted: str) -> str:
    """A page of ours to go on to; anything that leads elsewhere becomes the queue."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours and not wanted.startswith("/sign-") else HOME


def _let_in(core: Core, name: str, password: str) -> str | None:
    with core.database.reading() as session:
        row = accounts.known_by(session, name, password)
    if row is None:
        return None
    with core.database.transaction() as session:
        return accounts.sign_in(session, row, at=core.clock())
