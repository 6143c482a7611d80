"""The part of the pretend provider's API that lists and sets up telephone numbers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.demo.twilio_sim.answers import error, found, refused
from gateway.demo.twilio_sim.lists import page
from gateway.demo.twilio_sim.provider import Provider
from gateway.demo.twilio_sim.records import account_path


def routes(provider: Provider) -> list[Route]:
    """The list of the account's numbers, and each of them, to see and to change."""

    async def listed(request: Request) -> Response:
        resources = [number.resource() for number in provider.numbers.values()]
        shown = page("incoming_phone_numbers", request.url.path, resources, request.query_params)
        return refused(provider, request) or JSONResponse(shown)

    async def one(request: Request) -> Response:
        number = provider.numbers.get(request.path_params["sid"])
        if no := refused(provider, request):
            return no
        if number is not None and request.method == "POST":
            form = {name: str(value) for name, value in (await request.form()).items()}
            if wrong := number.change(form):
                return error(400, 21502, wrong)
        return found(number.resource() if number else None)

    root = account_path("{account}") + "/IncomingPhoneNumbers"
    return [Route(root + ".json", listed), Route(root + "/{sid}.json", one, methods=["GET", "POST"])]
