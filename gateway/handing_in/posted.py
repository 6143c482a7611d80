"""Files out of the body of a request onto the tray, as they come in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from fastapi import Request
from starlette.requests import ClientDisconnect

from gateway.handing_in.form_stream import BrokenForm, Field, FileBegins, FileEnds, FormStream
from gateway.handing_in.tray import HandedIn, Tray, Trouble

MOST_READ_FOR_NOTHING = 64 * 1024 * 1024
Opens = Callable[[Mapping[str, str]], Awaitable[Tray]]
"""Gives the tray once the fields before the first file are known; whatever it raises ends the taking."""


async def take_form(request: Request, opens: Opens) -> list[HandedIn]:
    """The files of a multipart form, each whole or not kept. Fields that follow a file are not heard.

    Raises what ``opens`` raises, and ``BrokenForm`` when the body is no form.
    """
    stream, typed, tray = FormStream(request.headers.get("content-type", "")), dict[str, str](), None
    chunks = request.stream()
    try:
        async for chunk in chunks:
            for event in stream.feed(chunk):
                if isinstance(event, Field):
                    typed[event.name] = event.value
                elif tray is None:
                    tray = await opens(typed)
                if tray is not None:
                    await _put(tray, event)
        stream.end()
    except (BrokenForm, ClientDisconnect):
        if tray is None:
            raise BrokenForm from None
        return tray.break_off()
    except BaseException:
        if tray is not None:
            tray.break_off()
        else:
            await read_to_no_end(chunks)
        raise
    return await (tray or await opens(typed)).finish()


async def take_body(request: Request, name: str, tray: Tray) -> HandedIn:
    """The body itself is the file; raises ``BrokenForm`` when it breaks off."""
    tray.begin(name)
    try:
        async for chunk in request.stream():
            await tray.block(chunk)
    except BaseException as error:
        tray.break_off()
        if isinstance(error, ClientDisconnect):
            raise BrokenForm from None
        raise
    await tray.end()
    return tray.results[0] if tray.results else HandedIn(name=name, trouble=Trouble.EMPTY)


async def read_to_no_end(chunks: AsyncIterator[bytes]) -> None:
    """So that a browser gets to see our answer before it has sent everything, up to a limit."""
    size = 0
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > MOST_READ_FOR_NOTHING:
                return
    except ClientDisconnect:
        return


async def _put(tray: Tray, event: Field | FileBegins | bytes | FileEnds) -> None:
    if isinstance(event, FileBegins):
        tray.begin(event.name)
    elif isinstance(event, bytes):
        await tray.block(event)
    elif isinstance(event, FileEnds):
        await tray.end()
