"""The addresses of a twin of Microsoft Graph: sign-in, folders, what changed, mails, and what is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

if TYPE_CHECKING:
    from tests.channels.mailbox.graph_twin import GraphTwin

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
SECRET = "a-client-secret"
ADDRESS = "referrals@northshire.example"


def _refusal(status: int, code: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(f'{{"error":{{"code":"{code}"}}}}', status, media_type="application/json", headers=named)


def graph_api(twin: GraphTwin) -> FastAPI:
    """The addresses of sign-in and API."""
    app = FastAPI()
    for part in (_sign_in, _guard, _folders, _fetching, _changing):
        part(app, twin)
    return app


def _sign_in(app: FastAPI, twin: GraphTwin) -> None:
    @app.get("/common/discovery/instance")
    async def instance() -> Any:
        host = "login.microsoftonline.com"
        return {"metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}]}

    @app.get("/{tenant}/v2.0/.well-known/openid-configuration")
    async def discovery(tenant: str) -> Any:
        if tenant != TENANT:
            return _refusal(400, "invalid_tenant")
        host = f"https://login.microsoftonline.com/{tenant}"
        return {
            "issuer": f"{host}/v2.0", "authorization_endpoint": f"{host}/oauth2/v2.0/authorize",
            "token_endpoint": f"{host}/oauth2/v2.0/token",
        }  # fmt: skip

    @app.post("/{tenant}/oauth2/v2.0/token")
    async def token(tenant: str, request: Request) -> Any:
        form = await request.form()
        assertion = str(form.get("client_assertion", ""))
        twin.assertions.append(assertion)
        if form.get("client_id") != CLIENT or (form.get("client_secret") != SECRET and assertion.count(".") != 2):
            return Response('{"error":"invalid_client","error_description":"secret"}', 401)
        given = f"token-{len(twin.assertions)}"
        twin.tokens.add(given)
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": given}


def _guard(app: FastAPI, twin: GraphTwin) -> None:
    @app.middleware("http")
    async def guarded(request: Request, call_next: Any) -> Response:
        twin.asked.append(request.url.path)
        if not request.url.path.startswith("/v1.0/"):
            return await call_next(request)  # type: ignore[no-any-return]
        if twin.faults.throttled:
            twin.faults.throttled -= 1
            return _refusal(429, "TooManyRequests", Retry_After=twin.faults.retry_after)
        if twin.faults.expired_tokens:
            twin.faults.expired_tokens -= 1
            twin.tokens.clear()
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in twin.tokens:
            return _refusal(401, "InvalidAuthenticationToken")
        if twin.faults.is_forbidden:
            return _refusal(403, "ErrorAccessDenied")
        if f"/users/{ADDRESS}/" not in request.url.path:
            return _refusal(404, "ErrorInvalidUser")
        if 'IdType="ImmutableId"' not in request.headers.get("prefer", ""):
            return _refusal(400, "ids would change")
        return await call_next(request)  # type: ignore[no-any-return]


def _folders(app: FastAPI, twin: GraphTwin) -> None:
    @app.get("/v1.0/users/{user}/mailFolders")
    async def folders(user: str, request: Request) -> Any:
        wanted = request.query_params["$filter"].removeprefix("displayName eq '").removesuffix("'")
        return {"value": [{"id": id_} for id_, name in twin.folders.items() if name == wanted]}

    @app.get("/v1.0/users/{user}/mailFolders/inbox/childFolders")
    async def inner(user: str) -> Any:
        return {"value": []}

    @app.get("/v1.0/users/{user}/mailFolders/{folder}")
    async def one(user: str, folder: str) -> Any:
        count = sum(item.folder == folder for item in twin.items.values())
        return {"id": folder, "totalItemCount": count} if folder in twin.folders else _refusal(404, "ErrorItemNotFound")


def _fetching(app: FastAPI, twin: GraphTwin) -> None:
    @app.get("/v1.0/users/{user}/mailFolders/{folder}/messages/delta")
    async def delta(user: str, folder: str, request: Request) -> Any:
        given = request.query_params.get("$skiptoken") or request.query_params.get("$deltatoken") or "0.0"
        if "$deltatoken" in request.query_params and twin.faults.forgotten_marks:
            return _refusal(410, "SyncStateNotFound")
        since, skip = map(int, given.split("."))
        asked = int(request.headers["prefer"].rpartition("maxpagesize=")[2])
        return twin.delta(folder, since, skip, twin.page or asked)

    @app.get("/v1.0/users/{user}/messages/{id_:path}/$value")
    async def value(user: str, id_: str) -> Response:
        item = twin.items.get(id_)
        if item is None or item.folder is None:
            return _refusal(404, "ErrorItemNotFound")
        if id_ in twin.faults.broken_mails:
            return _refusal(500, "ErrorInternalServerError")
        if twin.faults.cut_off:
            twin.faults.cut_off -= 1
            return Response(item.mime[: len(item.mime) // 2], headers={"Content-Length": str(len(item.mime))})
        return Response(item.mime, media_type="text/plain")


def _changing(app: FastAPI, twin: GraphTwin) -> None:
    @app.patch("/v1.0/users/{user}/messages/{id_:path}")
    async def mark(user: str, id_: str, request: Request) -> Any:
        if not twin.faults.may_write:
            return _refusal(403, "ErrorAccessDenied")
        twin.change(twin.items[id_], is_read=bool((await request.json())["isRead"]), folder=twin.items[id_].folder)
        return {"id": id_}

    @app.post("/v1.0/users/{user}/messages/{id_:path}/move")
    async def move(user: str, id_: str, request: Request) -> Any:
        if not twin.faults.may_write:
            return _refusal(403, "ErrorAccessDenied")
        twin.change(twin.items[id_], folder=str((await request.json())["destinationId"]))
        return {"id": quote(id_)}
